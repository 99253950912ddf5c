"""The office's figures of this part, as shipped: what an empty office starts with and can change."""

from typing import Any

HOLD_HOURS = "conference.hold_hours"
JOIN_MINUTES = "conference.join_minutes"
SERIES_INVITE_DAYS = "series.invite_days"
SETUP_MINUTES = "conference.setup_minutes"
TEARDOWN_MINUTES = "conference.teardown_minutes"
MEDIA_KBPS = "conference.media_kbps"

DEFAULTS: list[dict[str, Any]] = [
    {
        "key": HOLD_HOURS,
        "value": 48,
        "source": "Mặc định",
        "note": "Số giờ một cuộc họp chờ duyệt được giữ phòng và cổng. Văn phòng cần xác nhận trước khi áp dụng.",
    },
    {
        "key": JOIN_MINUTES,
        "value": 60,
        "source": "Mặc định",
        "note": "Số phút trước giờ họp mà đường dẫn cá nhân bắt đầu mở: kỹ thuật viên có mặt trước 60 phút.",
    },
    {
        "key": SERIES_INVITE_DAYS,
        "value": 14,
        "source": "Mặc định",
        "note": "Giấy mời của mỗi buổi trong một chuỗi họp được gửi trước buổi họp bấy nhiêu ngày.",
    },
    {
        "key": SETUP_MINUTES,
        "value": 0,
        "source": "Mặc định",
        "note": "Số phút trước giờ họp được giữ thêm để chuẩn bị phòng, thiết bị, cổng và đường truyền.",
    },
    {
        "key": TEARDOWN_MINUTES,
        "value": 0,
        "source": "Mặc định",
        "note": "Số phút sau giờ họp được giữ thêm để thu dọn.",
    },
    {
        "key": MEDIA_KBPS,
        "value": 2048,
        "source": "Mặc định: hình 720p của các hãng thiết bị hội nghị",
        "note": "Băng thông (kbit/s) mỗi phòng họp dùng trên từng đường truyền. Văn phòng cần xác nhận.",
    },
]
