"""Stories of content rules: length, quotes, words, edits, messages taken back (DOMAIN.md 5-A)."""

from __future__ import annotations

import pytest

from groupcore.events import FindingRecorded, MemberWarned, RuleAbstained, StrikeRecorded
from groupcore.testing import edited, given, granted, like, posted, revoked
from stories.rules import WARN_MUTE_KICK, ads, book, flood, long

LIMITED = book(long(max_chars=5, max_lines=2))
ADS = book(ads())
QUOTE = "「bo：请加微信 abc」\n------\n"


def test_as_many_characters_as_allowed_are_fine() -> None:
    """Strictly more is a finding (DOMAIN 5.3)."""
    given(rules=LIMITED).when(posted("amy", "12345")).then_nothing()


def test_one_character_more_is_a_finding() -> None:
    """(DOMAIN 5.3)"""
    given(rules=LIMITED).when(posted("amy", "123456")).then_some(like(FindingRecorded, rule="long"))


def test_length_counts_code_points() -> None:
    """An emoji of five code points is five (DOMAIN 5.1)."""
    family = "👨‍👩‍👧"
    assert len(family) == 5
    given(rules=LIMITED).when(posted("amy", family)).then_nothing()
    given(rules=LIMITED).when(posted("amy", family + "!")).then_some(like(FindingRecorded, rule="long"))


def test_length_counts_composed_characters() -> None:
    """Code points after NFC: five letters with their accents apart are five (DOMAIN 5.1)."""
    given(rules=LIMITED).when(posted("amy", "e\u0301" * 5)).then_nothing()


def test_as_many_lines_as_allowed_are_fine() -> None:
    """(DOMAIN 5.3)"""
    given(rules=LIMITED).when(posted("amy", "a\nb")).then_nothing()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029"])
def test_every_kind_of_line_end_begins_a_line(end: str) -> None:
    """(DOMAIN 5.4)"""
    given(rules=book(long(max_lines=2))).when(posted("amy", f"a{end}b{end}c")).then_some(FindingRecorded)


def test_a_newline_at_the_end_is_no_line() -> None:
    """(DOMAIN 5.4)"""
    given(rules=book(long(max_lines=2))).when(posted("amy", "a\nb\n")).then_nothing()


def test_an_empty_line_inside_is_a_line() -> None:
    """(DOMAIN 5.4)"""
    given(rules=book(long(max_lines=2))).when(posted("amy", "a\n\nb")).then_some(FindingRecorded)


def test_a_quotation_does_not_count_for_length() -> None:
    """(DOMAIN 5.5)"""
    given(rules=LIMITED).when(posted("amy", QUOTE + "12345")).then_nothing()
    given(rules=LIMITED).when(posted("amy", QUOTE + "123456")).then_some(like(FindingRecorded, rule="long"))


def test_who_quotes_an_advertisement_to_complain_is_not_punished() -> None:
    """(DOMAIN 5.5)"""
    given(rules=ADS).when(posted("amy", QUOTE + "这是广告")).then_nothing()


def test_what_is_written_under_a_quotation_is_read() -> None:
    """(DOMAIN 5.5)"""
    begin = len(QUOTE)
    given(rules=ADS).when(posted("amy", QUOTE + "加微信")).then_some(like(FindingRecorded, spans=((begin, begin + 3),)))


def test_a_quotation_is_read_where_the_rule_wants_it() -> None:
    """(DOMAIN 5.5)"""
    given(rules=book(ads(inspect_quotes=True))).when(posted("amy", QUOTE + "这是广告")).then_some(FindingRecorded)


def test_link_descriptions_do_not_count_for_length() -> None:
    """(DOMAIN 5.5)"""
    card = {"kind": "link", "url": "https://example.com", "title": "t" * 9, "description": "d" * 99}
    given(rules=LIMITED).when(posted("amy", "look", parts=[card])).then_nothing()


def test_words_are_found_through_full_width_case_and_invisible_characters() -> None:
    """Spans point at the text as it was written (DOMAIN 5.6)."""
    rules = book({"kind": "keyword", "id": "words", "words": ["spam"]})
    given(rules=rules).when(posted("amy", "ｓＰ\u200bam!")).then_some(like(FindingRecorded, spans=((0, 5),)))


def test_latin_words_are_found_only_whole() -> None:
    """ "cs" is not in "docs" (DOMAIN 5.6)."""
    rules = book({"kind": "keyword", "id": "words", "words": ["cs"]})
    given(rules=rules).when(posted("amy", "docs")).then_nothing()
    given(rules=rules).when(posted("amy", "my cs docs")).then_some(like(FindingRecorded, spans=((3, 5),)))


def test_an_allowed_word_excuses_what_lies_wholly_inside_it() -> None:
    """(CONTRACT, defaults of the rulebook)"""
    rules = book({"kind": "keyword", "id": "ads", "words": ["微信", "加微信"], "allow": ["微信支付"]})
    given(rules=rules).when(posted("amy", "微信支付")).then_nothing()
    given(rules=rules).when(posted("amy", "加微信支付")).then_some(like(FindingRecorded, spans=((0, 3),)))


def test_an_email_address_is_no_link() -> None:
    """(DOMAIN 5.9)"""
    rules = book({"kind": "link", "id": "links", "allow": ["example.com"]})
    given(rules=rules).when(posted("amy", "amy@example.org")).then_nothing()
    given(rules=rules).when(posted("amy", "see shop.example.com")).then_nothing()
    given(rules=rules).when(posted("amy", "see bit.ly/x")).then_some(like(FindingRecorded, spans=((4, 12),)))


def test_a_mini_program_is_found_unless_it_is_allowed() -> None:
    """(DOMAIN 5.10)"""
    rules = book({"kind": "mini-program", "id": "mini", "allow": ["wx12@app"]})
    given(rules=rules).when(posted("amy", parts=[{"kind": "mini-program", "app": "wx12@app"}])).then_nothing()
    given(rules=rules).when(posted("amy", parts=[{"kind": "mini-program", "app": "wx34@app"}])).then_some(
        like(FindingRecorded, rule="mini")
    )


def test_taking_a_message_back_cancels_nothing() -> None:
    """Otherwise advertising and taking back would be free (DOMAIN 5.13)."""
    ad = posted("amy", "加微信", at="1m")
    story = given(ad, rules=book(ads(), ladder=WARN_MUTE_KICK))
    story.when(revoked(ad.message, by="amy", at="2m")).then_nothing()
    story.when(posted("amy", "加微信", at="3m")).then_some(like(StrikeRecorded, strikes=2))


def test_an_advertisement_edited_in_is_found() -> None:
    """(DOMAIN 5.14)"""
    hello = posted("amy", "大家好", at="1m")
    given(hello, rules=ADS).when(edited("amy", "大家好 加微信", message=hello.message, at="2m")).then(
        like(FindingRecorded, message=hello.message, spans=((4, 7),)),
        like(StrikeRecorded, message=hello.message, strikes=1),
        like(MemberWarned, member="amy"),
    )


def test_one_message_and_rule_bring_one_strike_however_often_it_is_edited() -> None:
    """(DOMAIN 5.14)"""
    ad = posted("amy", "加微信", at="1m")
    given(ad, rules=ADS).when(edited("amy", "请加微信", message=ad.message, at="2m")).then(FindingRecorded)


def test_another_rule_broken_by_an_edit_brings_another_strike() -> None:
    """(DOMAIN 5.14)"""
    ad = posted("amy", "加微信", at="1m")
    rules = book(ads(), long(max_chars=5))
    given(ad, rules=rules).when(edited("amy", "加微信 abcdef", message=ad.message, at="2m")).then(
        like(FindingRecorded, rule="ads"),
        like(FindingRecorded, rule="long"),
        like(StrikeRecorded, rule="long", strikes=2),
        MemberWarned,
    )


def test_an_edit_that_removes_the_violation_cancels_nothing() -> None:
    """(DOMAIN 5.14)"""
    ad = posted("amy", "加微信", at="1m")
    story = given(ad, edited("amy", "sorry", message=ad.message, at="2m"), rules=ADS)
    story.when(posted("amy", "加微信", at="3m")).then_some(like(StrikeRecorded, strikes=2))


def test_floods_ignore_edits() -> None:
    """(DOMAIN 5.14)"""
    first, second = posted("amy", "a", at="1s"), posted("amy", "b", at="2s")
    given(first, second, rules=book(flood(3))).when(
        edited("amy", "c", message=first.message, at="3s"), edited("amy", "d", message=first.message, at="4s")
    ).then_nothing()


def test_stickers_and_empty_texts_count_in_a_flood() -> None:
    """(DOMAIN 5.16)"""
    sticker = [{"kind": "sticker"}]
    given(posted("amy", at="1s"), posted("amy", at="2s", parts=sticker), rules=book(flood(3))).when(
        posted("amy", at="3s", parts=sticker)
    ).then_some(like(FindingRecorded, rule="flood"))


def test_there_is_nothing_to_object_to_in_a_sticker() -> None:
    """Content rules have nothing to say, and do not call that an abstention (DOMAIN 5.16)."""
    given(rules=book(ads(), long(max_chars=1))).when(posted("amy", parts=[{"kind": "sticker"}])).then_nothing()


def test_bots_are_read_and_left_alone() -> None:
    """The contract: exempt by default, findings recorded (DOMAIN 5.17 would not even read them)."""
    given(granted("robo", "bot"), rules=ADS).when(posted("robo", "加微信", at="1m")).then(
        like(FindingRecorded, author="robo", exempt=True)
    )


def test_findings_come_in_the_order_of_the_rulebook() -> None:
    """(CONTRACT, order of verdicts)"""
    rules = book(flood(2, id="z"), ads(id="m"), long(id="a", max_chars=2))
    given(posted("amy", "x", at="1s"), rules=rules).when(posted("amy", "加微信", at="2s")).then_some(
        like(FindingRecorded, rule="z"),
        like(FindingRecorded, rule="m"),
        like(FindingRecorded, rule="a"),
        StrikeRecorded,
    )


def test_abstentions_come_after_findings() -> None:
    """(CONTRACT, order of verdicts)"""
    given(rules=book(flood(), ads())).when(posted("amy", "加微信", resolution="min")).then(
        FindingRecorded, RuleAbstained, StrikeRecorded, MemberWarned
    )
