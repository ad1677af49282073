# needs: python-dateutil==4.0.0 six==1.17.0
from datetime import date, datetime, timedelta
import dateutil
from dateutil import easter, parser, relativedelta, rrule, tz

base = datetime(2024, 1, 31, 12, 30)
for text in ('2024-02-29', 'Feb 3rd, 2021 5pm', '10:30:15.5', '20240102T030405Z', 'Thu Sep 25 10:36:28 2003', '1/2/03', '25 December 2020 14:00 +0200'):
    print(text, '->', parser.parse(text, default=base))
print(parser.isoparse('2024-W05-3'), parser.parse('1/2/03', dayfirst=True))
for bad in ('not a date', '2024-13-45', ''):
    try:
        parser.parse(bad)
    except ValueError as error:
        print(type(error).__name__, error)
R = relativedelta.relativedelta
print(base + R(months=1), base + R(years=1, weekday=relativedelta.FR(-1)), R(datetime(2024, 3, 1), datetime(2023, 1, 31)), R(hours=49).normalized())
print([str(d.date()) for d in rrule.rrule(rrule.MONTHLY, count=4, byweekday=rrule.FR(-1), dtstart=base)])
print(list(map(str, rrule.rrulestr('DTSTART:20240101T090000\nRRULE:FREQ=WEEKLY;COUNT=3;BYDAY=MO,WE'))))
rules = rrule.rruleset()
rules.rrule(rrule.rrule(rrule.DAILY, count=5, dtstart=base))
rules.exdate(base + timedelta(days=2))
print(len(list(rules)), rules.after(base), rules.between(base, base + timedelta(days=3)))
print(easter.easter(2024), tz.UTC, datetime(2024, 1, 1, tzinfo=tz.tzoffset('X', 3600)).isoformat(), tz.tzutc() == tz.UTC)
