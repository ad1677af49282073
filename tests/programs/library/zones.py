# oracle: native
# zoneinfo: the runtime's own database.
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

berlin = ZoneInfo("Europe/Berlin")
print(berlin, repr(berlin), berlin is ZoneInfo("Europe/Berlin"), berlin.key)
for moment in (datetime(2024, 1, 15, 12), datetime(2024, 7, 15, 12), datetime(1945, 6, 1), datetime(2050, 7, 1)):
    moment = moment.replace(tzinfo=berlin)
    print(moment, moment.tzname(), moment.dst(), moment.astimezone(timezone.utc))
fold = datetime(2024, 10, 27, 2, 30, tzinfo=berlin)
print(fold, fold.replace(fold=1), fold.utcoffset() - fold.replace(fold=1).utcoffset())
tokyo = datetime(2024, 3, 1, 9, tzinfo=ZoneInfo("Asia/Tokyo"))
print(tokyo.astimezone(ZoneInfo("America/New_York")), tokyo.astimezone(berlin) == tokyo)
print(datetime(2024, 3, 30, 12, tzinfo=berlin) + timedelta(days=1))
print({"Europe/Berlin", "UTC", "America/New_York"} <= available_timezones())
for key in ("Nowhere/Land", "../x", "/abs"):
    try:
        ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError) as error:
        print(type(error).__name__, error)
