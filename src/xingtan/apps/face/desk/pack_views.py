"""The pack in force, readable: every noun, every parameter with its source, and what the lint says of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.base.orgs.packs import conversions_stated
from xingtan.apps.base.orgs.services import pack_activate
from xingtan.apps.record.figures.asking import Asked, asked
from xingtan.kernel.errors import XingtanError
from xingtan.ui import policy
from xingtan.ui.forms import status
from xingtan.ui.issues import onto_form

from . import packs
from .forms import ActivateForm
from .tables import ITEMS


def _here(request: HttpRequest, action: str = "pack.view") -> Asked:
    here = asked(request)
    policy.require_at(here.account, action, here.org if action == "pack.view" else here.place.root)
    return here


def overview(request: HttpRequest, place: str) -> HttpResponse:
    """What the pack is, where it comes from, what it holds."""
    here = _here(request)
    pack = orgs.active_pack(here.place)
    may = here.place.root is not None and policy.can_at(here.account, "pack.activate", here.place.root.pk)
    context = {
        "facts": packs.facts(pack),
        "shelves": packs.shelves(pack, place),
        "sources": pack.sources,
        "pack": pack,
        "may_activate": may,
    }
    return render(request, "desk/pack.html", context)


def collection(request: HttpRequest, place: str, collection: str) -> HttpResponseBase:
    """All items of one noun."""
    here = _here(request)
    pack = orgs.active_pack(here.place)
    found = packs.items(pack, collection, place)
    bound = ITEMS.bind(request, found)
    if bound.export:
        return bound.workbook(packs.title(collection))
    return render(request, "desk/pack_collection.html", {"table": bound, "title": packs.title(collection), "pack": pack})


def item(request: HttpRequest, place: str, collection: str, item: str) -> HttpResponse:
    """One item: in words where there are any, and as the YAML the county wrote."""
    here = _here(request)
    pack = orgs.active_pack(here.place)
    found = packs.noun(pack, collection).get(item)
    if found is None:
        raise Http404(item)
    context = {
        "shown": packs.shown(pack, collection, item, place),
        "pack": pack,
        "title": packs.title(collection),
        "collection": collection,
    }
    return render(request, "desk/pack_item.html", context)


def findings(request: HttpRequest, place: str) -> HttpResponse:
    """What `pack check` says of the pack in force."""
    here = _here(request)
    pack = orgs.active_pack(here.place)
    issues, same = packs.findings(pack)
    return render(request, "desk/pack_check.html", {"issues": issues, "same": same, "waivers": pack.waivers, "pack": pack})


def activate(request: HttpRequest, place: str) -> HttpResponse:
    """Put another version into force."""
    here = _here(request, "pack.activate")
    versions = packs.versions(here.place.slug)
    form = ActivateForm([(one, one) for one in versions], request.POST or None)
    if request.method == "POST" and form.is_valid():
        folder = versions[form.cleaned_data["version"]]
        try:
            release = pack_activate(
                place=here.place, path=folder, roots=packs.roots(), actor=here.actor, reason=form.cleaned_data["reason"],
                conversions=conversions_stated(form.cleaned_data["conversions"].splitlines()),
            )  # fmt: skip
        except XingtanError as error:
            onto_form(form, error.issues)
        else:
            messages.success(request, _("已启用 %(version)s") % {"version": release.version})
            return redirect("desk:pack", place=place)
    return render(request, "desk/pack_activate.html", {"form": form, "versions": versions}, status=status(form))
