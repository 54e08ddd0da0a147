from applications.forms.draft import AnswersForm, CopyForm, ReplyForm

__all__ = ["AnswersForm", "CopyForm", "ReplyForm"]
