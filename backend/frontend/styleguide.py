"""The living style page: every component with the office's own kind of content. Demo and development only.

Its texts are sample data, Vietnamese like the data of a real office, and not translated.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
STATES = ("up", "degraded", "down", "unknown")
STATUSES = ("draft", "submitted", "approved", "live", "ended", "cancelled", "returned")
ROOMS = {"ky-cung": "Phòng họp Kỳ Cùng", "mau-son": "Phòng họp Mẫu Sơn", "hoi-truong": "Hội trường tầng 5"}
SITES = {"loc-binh": "Điểm cầu Lộc Bình", "cao-loc": "Điểm cầu Cao Lộc", "dinh-lap": "Điểm cầu Đình Lập"}


class SampleForm(forms.Form):
    title = forms.CharField(label="Tên cuộc họp", help_text="Ghi như trên giấy mời.")
    room = forms.ChoiceField(label="Phòng họp", choices=list(ROOMS.items()))
    day = forms.DateField(label="Ngày", widget=forms.DateInput({"type": "date"}))
    start = forms.TimeField(label="Bắt đầu", widget=forms.TimeInput({"type": "time"}))
    notes = forms.CharField(label="Nội dung cần chuẩn bị", widget=forms.Textarea, required=False)
    sites = forms.MultipleChoiceField(
        label="Điểm cầu tham dự", choices=list(SITES.items()), widget=forms.CheckboxSelectMultiple
    )
    rehearse = forms.BooleanField(label="Chạy thử đường truyền trước cuộc họp", required=False)
    guests = forms.FileField(label="Danh sách đại biểu (XLSX)", required=False)


def sample_form() -> SampleForm:
    """Filled in as people do, with one mistake."""
    given = {"title": "", "room": "ky-cung", "day": "2026-11-26", "start": "08:00", "sites": ["loc-binh", "cao-loc"]}
    return SampleForm(given)


def context() -> dict[str, Any]:
    return {
        "form": sample_form(),
        "page": Paginator(range(67), 20).page(2),
        "start": datetime(2026, 11, 26, 8, 0, tzinfo=VIETNAM),
        "end": datetime(2026, 11, 26, 11, 30, tzinfo=VIETNAM),
        "next_day": datetime(2026, 11, 27, 16, 30, tzinfo=VIETNAM),
        "states": STATES,
        "statuses": STATUSES,
        "secrecies": ("secret", "top_secret", "ultra_secret"),
        "palette": ("son", "son-bright", "gold", "gold-leaf", "accent", "accent-soft", "ink", "ink-2", "bg", "surface"),
    }


def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "components/styleguide.html", context())
