//! The proleptic Gregorian calendar, and ISO 8601 text read and written.

/// The largest year.
pub const MAX_YEAR: i64 = 9999;
/// The ordinal of 9999-12-31.
pub const MAX_ORDINAL: i64 = 3_652_059;
pub const DAY_MICROS: i64 = 86_400_000_000;

pub fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_before_year(year: i64) -> i64 {
    let y = year - 1;
    y * 365 + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400)
}

fn days_before_month(year: i64, month: i64) -> i64 {
    const DAYS: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    DAYS[(month - 1) as usize] + i64::from(month > 2 && is_leap(year))
}

/// The day's number; 0001-01-01 is 1.
pub fn to_ordinal(year: i64, month: i64, day: i64) -> i64 {
    days_before_year(year) + days_before_month(year, month) + day
}

/// The day of the year, from 1.
pub fn day_of_year(year: i64, month: i64, day: i64) -> i64 {
    days_before_month(year, month) + day
}

/// Year, month and day of an ordinal from 1.
pub fn from_ordinal(ordinal: i64) -> (i64, i64, i64) {
    let n = ordinal - 1;
    let (n400, n) = (n.div_euclid(146_097), n.rem_euclid(146_097));
    let (n100, n) = (n / 36_524, n % 36_524);
    let (n4, n) = (n / 1461, n % 1461);
    let (n1, n) = (n / 365, n % 365);
    let year = n400 * 400 + n100 * 100 + n4 * 4 + n1 + 1;
    if n1 == 4 || n100 == 4 {
        return (year - 1, 12, 31);
    }
    let mut month = (n + 50) >> 5;
    if days_before_month(year, month) > n {
        month -= 1;
    }
    (year, month, n - days_before_month(year, month) + 1)
}

/// Monday is 0.
pub fn weekday(year: i64, month: i64, day: i64) -> i64 {
    (to_ordinal(year, month, day) + 6).rem_euclid(7)
}

/// The ordinal of the Monday that begins week 1 of an ISO year.
fn iso_week1_monday(year: i64) -> i64 {
    let first = to_ordinal(year, 1, 1);
    let weekday = (first + 6).rem_euclid(7);
    let monday = first - weekday;
    if weekday > 3 { monday + 7 } else { monday }
}

/// ISO year, week and weekday (Monday is 1).
pub fn iso_calendar(year: i64, month: i64, day: i64) -> (i64, i64, i64) {
    let today = to_ordinal(year, month, day);
    let mut year = year;
    let mut monday = iso_week1_monday(year);
    let mut days = today - monday;
    if days < 0 {
        year -= 1;
        monday = iso_week1_monday(year);
        days = today - monday;
    } else if days >= 52 * 7 && today >= iso_week1_monday(year + 1) {
        year += 1;
        days = today - iso_week1_monday(year);
    }
    (year, days / 7 + 1, days % 7 + 1)
}

/// What is wrong with an ISO week date.
pub enum IsoError {
    Year,
    Week,
    Day,
}

/// The ordinal of an ISO week date.
pub fn from_iso_calendar(year: i64, week: i64, day: i64) -> Result<i64, IsoError> {
    if !(1..=MAX_YEAR).contains(&year) {
        return Err(IsoError::Year);
    }
    if !(1..53).contains(&week) {
        // Long years begin on a Thursday, or on a Wednesday if they are leap years.
        let first = (to_ordinal(year, 1, 1) + 6).rem_euclid(7);
        let long = first == 3 || first == 2 && is_leap(year);
        if week != 53 || !long {
            return Err(IsoError::Week);
        }
    }
    if !(1..=7).contains(&day) {
        return Err(IsoError::Day);
    }
    Ok(iso_week1_monday(year) + (week - 1) * 7 + day - 1)
}

/// A time of day as ISO text gives it.
#[derive(Clone, Copy, Default)]
pub struct IsoTime {
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    pub micro: i64,
    /// Seconds and microseconds; `None`: no zone.
    pub offset: Option<(i64, i64)>,
}

fn number(text: &[char]) -> Option<i64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0, |n, c| Some(n * 10 + i64::from(c.to_digit(10)?)))
}

/// A date in one of ISO's forms: year, month and day, not checked; or an ISO week date's error.
pub fn parse_date(text: &[char]) -> Option<Result<(i64, i64, i64), IsoError>> {
    let year = number(text.get(..4)?)?;
    let separated = *text.get(4)? == '-';
    let at = 4 + usize::from(separated);
    if *text.get(at)? == 'W' {
        let week = number(text.get(at + 1..at + 3)?)?;
        let rest = &text[at + 3..];
        let day = match (separated, rest) {
            (_, []) => 1,
            (true, ['-', digit]) => i64::from(digit.to_digit(10)?),
            (false, [digit]) => i64::from(digit.to_digit(10)?),
            _ => return None,
        };
        return Some(from_iso_calendar(year, week, day).map(from_ordinal));
    }
    let month = number(text.get(at..at + 2)?)?;
    let rest = &text[at + 2..];
    let day = match (separated, rest) {
        // CPython looks at the length before, and not at what follows a day without a separator.
        (true, ['-', day @ ..]) if day.len() == 2 => number(day)?,
        (false, day) if matches!(text.len(), 8 | 10) => number(day.get(..2)?)?,
        _ => return None,
    };
    Some(Ok((year, month, day)))
}

/// Where the date ends in a text of date and time.
pub fn date_length(text: &[char]) -> Option<usize> {
    let digit = |at: usize| text.get(at).is_some_and(char::is_ascii_digit);
    if text.len() == 7 {
        return Some(7);
    }
    match text.get(4)? {
        '-' if text.get(5) == Some(&'W') => {
            if text.len() < 8 {
                return None;
            }
            if text.get(8) == Some(&'-') {
                if text.len() == 9 {
                    return None;
                }
                // A dash before two digits or more may be the separator.
                return Some(if text.len() > 10 && digit(10) { 8 } else { 10 });
            }
            Some(8)
        }
        '-' => Some(10),
        'W' => {
            let mut at = 7;
            while digit(at) {
                at += 1;
            }
            Some(if at < 9 {
                at
            } else if at % 2 == 0 {
                7
            } else {
                8
            })
        }
        _ => Some(8),
    }
}

/// Hours, minutes, seconds and microseconds, with or without colons, and whether something follows. As in CPython, the digits after
/// seconds without colons are a fraction whose point may be missing, and a fraction may be empty.
fn parse_clock(text: &[char]) -> Option<([i64; 4], bool)> {
    let mut fields = [0; 4];
    let mut at = 0;
    let mut separated = false;
    for place in 0..3 {
        fields[place] = number(text.get(at..at + 2)?)?;
        at += 2;
        let Some(&next) = text.get(at) else { return Some((fields, false)) };
        if place == 0 {
            separated = next == ':';
        }
        // Others than ASCII characters are several bytes there.
        if at + 1 >= text.len() && next.is_ascii() {
            return Some((fields, true));
        }
        match next {
            ':' if separated && place == 2 => return None,
            ':' if separated => at += 1,
            '.' | ',' if place < 2 => return None,
            '.' | ',' => {
                at += 1;
                break;
            }
            _ if separated => return None,
            _ => {}
        }
    }
    let digits = &text[at..];
    let kept = digits.len().min(6);
    if kept > 0 {
        fields[3] = number(&digits[..kept])? * 10i64.pow(6 - kept as u32);
    }
    let more = digits[kept..].iter().any(|c| !c.is_ascii_digit());
    Some((fields, more))
}

/// A time with or without a zone.
pub fn parse_time(text: &[char]) -> Option<IsoTime> {
    let zone = text.iter().position(|c| matches!(c, '+' | '-' | 'Z'));
    let ([hour, minute, second, micro], more) = parse_clock(&text[..zone.unwrap_or(text.len())])?;
    if more && zone.is_none() {
        return None;
    }
    let offset = match zone {
        None => None,
        Some(at) if text[at] == 'Z' => {
            if at + 1 != text.len() {
                return None;
            }
            Some((0, 0))
        }
        Some(at) => {
            let ([hours, minutes, seconds, micros], more) = parse_clock(&text[at + 1..])?;
            if more {
                return None;
            }
            let sign = if text[at] == '-' { -1 } else { 1 };
            Some((sign * (hours * 3600 + minutes * 60 + seconds), sign * micros))
        }
    };
    Some(IsoTime { hour, minute, second, micro, offset })
}

/// An offset in microseconds as `+HH:MM[:SS[.ffffff]]`, with another separator if wanted.
pub fn show_offset(offset: i64, separator: &str) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let micros = offset.abs();
    let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
    let mut text = format!("{sign}{:02}{separator}{:02}", seconds / 3600, seconds / 60 % 60);
    if seconds % 60 != 0 || micros != 0 {
        text += &format!("{separator}{:02}", seconds % 60);
    }
    if micros != 0 {
        text += &format!(".{micros:06}");
    }
    text
}

/// Time text in a precision: `None` if its name is unknown.
pub fn show_time(hour: u8, minute: u8, second: u8, micro: u32, timespec: &str) -> Option<String> {
    let timespec = match timespec {
        "auto" if micro == 0 => "seconds",
        "auto" => "microseconds",
        other => other,
    };
    Some(match timespec {
        "hours" => format!("{hour:02}"),
        "minutes" => format!("{hour:02}:{minute:02}"),
        "seconds" => format!("{hour:02}:{minute:02}:{second:02}"),
        "milliseconds" => format!("{hour:02}:{minute:02}:{second:02}.{:03}", micro / 1000),
        "microseconds" => format!("{hour:02}:{minute:02}:{second:02}.{micro:06}"),
        _ => return None,
    })
}
