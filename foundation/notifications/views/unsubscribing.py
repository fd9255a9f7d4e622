"""Where the link in a mail leads that ends mails of its kinds. To look changes nothing: mail programs open links by themselves."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from foundation.notifications.services import mails_silence
from foundation.notifications.unsubscribing import UnsubscribeGone, Unsubscription, unsubscription_of


@method_decorator([login_not_required, never_cache, csrf_exempt], name="dispatch")
class UnsubscribePage(View):
    """Ends mails of some kinds, by a button or by a mail program's one click (RFC 8058), which bring no session.

    The token is all the proof there is; whether it is unknown, over or revoked, it is not found.
    """

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Ask."""
        return self._show(self._asked(token), is_done=False)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """End them, and say so."""
        asked = self._asked(token)
        mails_silence(user=asked.user, kinds=[kind.key for kind in asked.kinds])
        return self._show(asked, is_done=True)

    def _asked(self, token: str) -> Unsubscription:
        try:
            return unsubscription_of(token)
        except UnsubscribeGone as gone:
            raise Http404 from gone

    def _show(self, asked: Unsubscription, *, is_done: bool) -> HttpResponse:
        title = _("No more mails of this kind") if is_done else _("End mails of this kind?")
        context = {"title": title, "kinds": asked.kinds, "is_done": is_done}
        return render(self.request, "notifications/unsubscribe.html", context)
