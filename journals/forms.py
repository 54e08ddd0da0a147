from serportal.ui.forms import PortalForm, SubmitKeyField


class RunForm(PortalForm):
    """The button that runs an upload; sent twice, it is one run."""

    submit_key = SubmitKeyField()
