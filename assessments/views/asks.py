"""What waits for somebody, and the daily e-mail about it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from assessments.forms.asks import NO, YES, MailForm
from assessments.http import signed_in
from assessments.models import Ask
from assessments.selectors.asks import CLOSED_BY_HAND
from assessments.selectors.digests import person_of
from assessments.services.asks import close_own
from assessments.services.digests import switch_mail


@require_POST
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """ "I have done this", by the person who was asked, where nothing else closes it."""
    person = signed_in(request)
    ask = get_object_or_404(Ask, pk=pk, user=person, kind__in=CLOSED_BY_HAND)
    if close_own(ask=ask, by=person):
        messages.success(request, "Done. It does not wait for you any more.")
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
def mail_settings(request: HttpRequest) -> HttpResponse:
    person = signed_in(request)
    form = MailForm(request.POST or None, initial={"wants_mail": YES if person.wants_mail else NO})
    if not (form.is_bound and form.is_valid()):
        return render(request, "together/mail_settings.html", {"form": form, "person": person})
    switch_mail(person=person, on=form.cleaned_data["wants_mail"] == YES)
    messages.success(request, "Saved.")
    return redirect("mail-settings")


# Mail programs send the POST themselves (RFC 8058), without a cookie or a token of ours; all that it can do is to
# switch off the e-mails of the person whose signed link it is.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Switches the e-mails off without signing in. Only POST does: mail programs open links by themselves."""
    person = person_of(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        switch_mail(person=person, on=False)
    return render(request, "together/mail_stop.html", {"is_off": not person.wants_mail, "token": token})
