from serportal.ui.forms import PortalForm, SubmitKeyField


class StartForm(PortalForm):
    """The button that starts an application; pressed twice, it is one draft."""

    submit_key = SubmitKeyField()
