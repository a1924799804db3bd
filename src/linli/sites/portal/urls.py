"""Addresses of the residents' pages."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from linli.sites.portal import case, home, journey, phone, sending


class Number(StringConverter):
    """The bare number of a case."""

    regex = "[0-9]{6,20}"


register_converter(Number, "number")

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("ways/", home.ways, name="ways"),
    path("paper/", home.paper, name="paper"),
    path("report/", journey.kind, name="kind"),
    path("report/kinds/<slug:group>/", journey.kinds, name="kinds"),
    path("report/choose/", journey.choose, name="choose"),
    path("report/before/", journey.stop, name="stop"),
    path("report/where/", journey.where, name="where"),
    path("report/where/areas.json", journey.areas, name="areas"),
    path("report/where/place/", journey.place, name="place"),
    path("report/what/", journey.what, name="what"),
    path("report/photos/", journey.photos, name="photos"),
    path("report/photos/<uuid:pk>/", journey.photo, name="photo"),
    path("report/same/", sending.same, name="same"),
    path("report/follow/<number:number>/", sending.follow, name="follow"),
    path("report/contact/", sending.contact, name="contact"),
    path("report/phone/", phone.step, name="phone"),
    path("report/in-person/", journey.in_person, name="in_person"),
    path("report/check/", sending.check, name="check"),
    path("report/start-over/", sending.start_over, name="start_over"),
    path("phone/", phone.number, name="own_number"),
    path("phone/code/", phone.code, name="phone_code"),
    path("phone/reports/", phone.reports, name="own_reports"),
    path("phone/forget/", phone.forget, name="forget_number"),
    path("leave/", sending.leave, name="leave"),
    path("case/", case.look_up, name="look_up"),
    path("case/<number:number>/", case.page, name="case"),
    path("case/<number:number>/receipt/", case.receipt, name="receipt"),
    path("case/<number:number>/code/", case.code, name="code"),
    path("case/<number:number>/rate/", case.rate, name="rate"),
    path("case/<number:number>/add/", case.add, name="add"),
    path("case/<number:number>/reopen/", case.reopen, name="reopen"),
    path("case/<number:number>/withdraw/", case.withdraw, name="withdraw"),
    path("case/<number:number>/contact/", case.contact, name="change_contact"),
]
