"""The days that rows give, in all the ways that rows give days."""

from __future__ import annotations

from tests.extract.listing_pages import DAYS, ROWS, TITLES, expected, listed, read, rows, url_of, whole_page


def test_two_digits_of_the_year() -> None:
    main = "".join(f'<li><a href="{url_of(n)}">{title}</a><span>{day[2:]}</span></li>' for n, title, day in ROWS)
    assert listed(f"<ul>{main}</ul>") == expected()


def test_year_from_the_address() -> None:
    main = "".join(
        f'<li><a href="./2023{d[5:7]}/t2023{d[5:7]}{d[8:]}_{n}.html">{t}</a><span>{d[5:]}</span></li>'
        for n, t, d in ROWS[:5]
    )
    assert [day for _, day in listed(f"<ul>{main}</ul>")] == ["2023" + day[4:] for day in DAYS[:5]]


def test_day_from_the_address_where_the_row_shows_none() -> None:
    main = "".join(f'<li><a href="./202305/t202305{10 + n}_{n}.html">{t}</a></li>' for n, t, _ in ROWS[:5])
    assert [day for _, day in listed(f"<ul>{main}</ul>", side="")] == [f"2023-05-{10 + n}" for n in range(5)]


def test_relative_days() -> None:
    words = ["3小时前", "昨天", "前天", "2026-03-05"]
    main = "".join(f'<li><a href="{url_of(n)}">{TITLES[n]}</a><span>{word}</span></li>' for n, word in enumerate(words))
    assert [day for _, day in listed(f"<ul>{main}</ul>")] == ["2026-03-10", "2026-03-09", "2026-03-08", "2026-03-05"]


def test_days_as_headings() -> None:
    main = "".join(
        f'<h4>{day}</h4><ul><li><a href="{url_of(2 * n)}">{TITLES[2 * n]}</a></li>'
        f'<li><a href="{url_of(2 * n + 1)}">{TITLES[2 * n + 1]}</a></li></ul>'
        for n, day in enumerate(DAYS[:4])
    )
    assert listed(main) == [(title, DAYS[n // 2]) for n, title in enumerate(TITLES)]


def test_titles_that_begin_with_a_day() -> None:
    main = rows('<li><a href="{url}">2024年5月1日{title}</a><span>{day}</span></li>')
    assert listed(main) == [(f"2024年5月1日{title}", day) for title, day in expected()]


def test_time_of_day() -> None:
    listing = read(whole_page(rows('<li><a href="{url}">{title}</a><span>{day} 09:30:15</span></li>')))
    assert listing is not None
    moment = listing.entries[0].published_at
    assert moment is not None
    assert moment.isoformat() == "2026-02-28T09:30:15+08:00"
