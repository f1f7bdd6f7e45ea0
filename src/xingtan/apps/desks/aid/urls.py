from __future__ import annotations

from django.urls import path

from .views import lists, notice, paying, runs

app_name = "aid"
urlpatterns = [
    path("p/<slug:place>/aid/", lists.index, name="index"),
    path("p/<slug:place>/aid/coverage/", lists.coverage, name="coverage"),
    path("p/<slug:place>/aid/schemes/<slug:scheme>/", lists.scheme, name="scheme"),
    path("p/<slug:place>/aid/schemes/<slug:scheme>/propose/", runs.propose, name="propose"),
    path("p/<slug:place>/aid/schemes/<slug:scheme>/draw/", runs.draw, name="draw"),
    path("p/<slug:place>/aid/runs/<int:pk>/", runs.run, name="run"),
    path("p/<slug:place>/aid/runs/<int:pk>/approve/", runs.approve, name="approve"),
    path("p/<slug:place>/aid/runs/<int:pk>/refuse/", runs.refuse, name="refuse"),
    path("p/<slug:place>/aid/runs/<int:pk>/withdraw/", runs.withdraw, name="withdraw"),
    path("p/<slug:place>/aid/runs/<int:pk>/publish/", notice.publish, name="publish"),
    path("p/<slug:place>/aid/runs/<int:pk>/object/", notice.object_to, name="object"),
    path("p/<slug:place>/aid/objections/<int:pk>/", notice.answer, name="answer"),
    path("p/<slug:place>/aid/runs/<int:pk>/payees/", paying.payees, name="payees"),
    path("p/<slug:place>/aid/runs/<int:pk>/results/", paying.results, name="results"),
    path("p/<slug:place>/aid/runs/<int:pk>/payment/", paying.payment, name="payment"),
    path("p/<slug:place>/aid/runs/<int:pk>/sheets/<slug:kind>/", paying.sheet, name="sheet"),
    path("p/<slug:place>/aid/awards/<int:pk>/stop/", paying.stop, name="stop"),
    path("notice/aid/<uuid:token>/", notice.public, name="notice"),
]
