"""Caption files: VTT of Teams, Zoom, Stream and Whisper, and SRT, with their oddities."""

import pytest
from transcript_files import read, told, turns

from copanalysis.errors import CopanalysisError

TEAMS = """WEBVTT

8a1f0f6e-0001/12-0
00:00:03.120 --> 00:00:07.480
<v Marieke Verbruggen>Goedemorgen, je ziet
mij ook?</v>

8a1f0f6e-0001/13-0
00:00:07.600 --> 00:00:09.000
<v Marieke Verbruggen>De opname loopt.</v>

8a1f0f6e-0001/14-0
00:00:09.400 --> 00:00:12.000
<v Annelies &amp; Co>Moi. Ja &lt;hoor&gt;, is goed.</v>
"""


def test_teams_names_the_speaker_in_a_voice_tag_and_cues_in_a_row_are_one_turn(tmp_path):
    document = read(tmp_path, "P02.vtt", TEAMS)
    assert document.format == "vtt-teams"
    assert turns(document) == [
        ("Marieke Verbruggen", "Goedemorgen, je ziet mij ook? De opname loopt."),
        ("Annelies & Co", "Moi. Ja <hoor>, is goed."),
    ]
    assert [(turn.start, turn.end) for turn in document.turns] == [(3.12, 9.0), (9.4, 12.0)]


def test_two_voices_in_one_cue_are_two_turns(tmp_path):
    text = "WEBVTT\n\n00:01.000 --> 00:03.000\n<v.luid Eva Vos>Hoi</v>\n<v Jan>Dag</v>\n"
    document = read(tmp_path, "a.vtt", text)
    assert turns(document) == [("Eva Vos", "Hoi"), ("Jan", "Dag")]
    assert {(turn.start, turn.end) for turn in document.turns} == {(1.0, 3.0)}


def test_a_cue_without_a_voice_among_voices_is_of_an_unknown_speaker(tmp_path):
    text = f"{TEAMS}\n00:00:13.000 --> 00:00:14.000\n(gelach)\n"
    document = read(tmp_path, "a.vtt", text)
    assert turns(document)[-1] == ("", "(gelach)")
    assert told(document, "unknown speaker") == [("warning", "a.vtt, cue 4")]


ZOOM = """WEBVTT

1
00:00:15.470 --> 00:00:17.960
Samira el Idrissi: Fijn dat het lukt.

2
00:00:18.000 --> 00:00:20.000
Samira el Idrissi: Zullen we?

3
00:00:20.100 --> 00:00:22.000
Wil Hermans: Ja. Kijk: ik begin
gewoon bij het begin.

4
00:00:22.100 --> 00:00:24.000
en dat is het azc.
"""


def test_zoom_writes_the_name_before_the_text(tmp_path):
    document = read(tmp_path, "S02.vtt", ZOOM, roles={"Samira el Idrissi": "interviewer"})
    assert document.format == "vtt-zoom"
    assert turns(document) == [
        ("Samira el Idrissi", "Fijn dat het lukt. Zullen we?"),
        ("Wil Hermans", "Ja. Kijk: ik begin gewoon bij het begin. en dat is het azc."),
    ]
    assert [turn.role for turn in document.turns] == ["interviewer", "respondent"]
    assert document.turns[1].end == 24.0
    assert told(document, "going on with the speaker before") == [("note", "S02.vtt, cue 4")]


STREAM = """WEBVTT

NOTE duration:"00:00:12.6780000"

NOTE language:nl-nl

NOTE Confidence: 0.905479

b8bd9d5f-0001
00:00:00.000 --> 00:00:06.000
Goedemorgen allemaal

NOTE Confidence: 0.31

b8bd9d5f-0002
00:00:06.100 --> 00:00:12.000
we gaan beginnen
"""


def test_stream_tells_how_sure_it_is_and_not_who_speaks(tmp_path):
    document = read(tmp_path, "a.vtt", STREAM)
    assert document.format == "vtt-stream"
    assert turns(document) == [("", "Goedemorgen allemaal"), ("", "we gaan beginnen")]
    assert told(document, "unsure") == [("note", "a.vtt, cue 2")]
    assert told(document, "no speakers at all") == [("warning", "a.vtt")]


WHISPER = """WEBVTT

00:00.000 --> 00:04.500
[SPEAKER_00]: Oké, hij neemt op.

00:04.500 --> 00:06.000
[SPEAKER_00]: Hoi.

00:06.000 --> 00:07.250
(onverstaanbaar)

59:58.000 --> 01:00:01.500
[SPEAKER_01]: Hoi. Zal ik beginnen?
"""


def test_whisper_has_minutes_without_hours(tmp_path):
    document = read(tmp_path, "P13.vtt", WHISPER)
    assert document.format == "vtt-whisper"
    assert turns(document) == [
        ("SPEAKER_00", "Oké, hij neemt op. Hoi."),
        ("", "(onverstaanbaar)"),
        ("SPEAKER_01", "Hoi. Zal ik beginnen?"),
    ]
    assert [(t.start, t.end) for t in document.turns] == [(0, 6), (6, 7.25), (3598, 3601.5)]


def test_whisper_without_speakers_keeps_its_cues_apart(tmp_path):
    text = "WEBVTT\n\n00:00.000 --> 00:04.000\n eerste\n\n00:04.000 --> 00:05.000\n tweede\n"
    document = read(tmp_path, "a.vtt", text)
    assert document.format == "vtt-whisper"
    assert turns(document) == [("", "eerste"), ("", "tweede")]


def test_plain_webvtt_has_no_maker(tmp_path):
    text = "WEBVTT - titel\nKind: captions\n\n00:00:01.000 --> 00:00:02.000 align:start\nhallo\n"
    assert read(tmp_path, "a.vtt", text).format == "vtt"


def test_styles_comments_and_tags_are_not_said(tmp_path):
    text = (
        "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:fred\n\nNOTE\nniet gezegd\n\n"
        "id 1\n00:00:01.000 --> 00:00:02.000\n"
        "<c.geel><i>I:</i></c> 3 < 4 &amp;<00:00:01.500> zo\n"
    )
    assert turns(read(tmp_path, "a.vtt", text)) == [("I", "3 < 4 & zo")]


SRT = """1
00:00:01,000 --> 00:00:03,000
Interviewer: <i>Hoe</i> gaat het?
Jan Bos: {\\an8}Goed.

2
00:00:03,500 --> 00:00:05,000
Dat zei ik net.

3
00:00:05,100 --> 00:00:06,000
Interviewer: Mooi.
"""


def test_srt_names_the_speaker_at_every_change(tmp_path):
    document = read(tmp_path, "M02.srt", b"\xef\xbb\xbf" + SRT.replace("\n", "\r\n").encode())
    assert document.format == "srt"
    assert turns(document) == [
        ("Interviewer", "Hoe gaat het?"),
        ("Jan Bos", "Goed. Dat zei ik net."),
        ("Interviewer", "Mooi."),
    ]
    assert [turn.role for turn in document.turns] == ["interviewer", "respondent", "interviewer"]
    assert document.turns[1].end == 5.0


def test_srt_without_blank_lines_between_cues_is_read(tmp_path):
    assert turns(read(tmp_path, "a.srt", SRT.replace("\n\n", "\n"))) == turns(
        read(tmp_path, "b.srt", SRT)
    )


def cues(*timed: tuple[str, str, str]) -> str:
    return "WEBVTT\n\n" + "".join(f"{a} --> {b}\n{text}\n\n" for a, b, text in timed)


def test_cues_that_overlap_are_noted(tmp_path):
    text = cues(
        ("00:00:01.000", "00:00:05.000", "I: a"),
        ("00:00:04.000", "00:00:06.000", "R: b"),
        ("00:00:06.000", "00:00:07.000", "I: c"),
    )
    assert told(read(tmp_path, "a.vtt", text), "before the cue above has ended") == [
        ("note", "a.vtt, cue 2")
    ]


def test_cues_out_of_order_stay_in_the_order_of_the_file_and_are_told(tmp_path):
    text = cues(
        ("00:00:10.000", "00:00:12.000", "I: a"),
        ("00:00:01.000", "00:00:02.000", "R: b"),
        ("00:00:20.000", "00:00:19.000", "I: c"),
    )
    document = read(tmp_path, "a.vtt", text)
    assert turns(document) == [("I", "a"), ("R", "b"), ("I", "c")]
    assert told(document, "begin before the cue above;") == [("warning", "a.vtt, cue 2")]
    assert told(document, "end before they begin") == [("warning", "a.vtt, cue 3")]


def test_empty_cues_are_told_and_do_not_break_a_turn(tmp_path):
    text = cues(
        ("00:00:01.000", "00:00:02.000", "<v Jan>een</v>"),
        ("00:00:02.000", "00:00:03.000", ""),
        ("00:00:03.000", "00:00:04.000", "<v Jan>twee</v>"),
    )
    document = read(tmp_path, "a.vtt", text)
    assert turns(document) == [("Jan", "een twee")]
    assert told(document, "without text") == [("warning", "a.vtt, cue 2")]


def test_text_without_a_time_goes_with_the_cue_above_and_is_told(tmp_path):
    text = cues(
        ("00:00:01.000", "00:00:02.000", "I: een\n\ntwee"), ("00:02.000", "00:03.000", "R: ja")
    )
    document = read(tmp_path, "a.vtt", text)
    assert turns(document) == [("I", "een twee"), ("R", "ja")]
    assert told(document, "text without a time") == [("warning", "a.vtt, cue 1")]


def test_a_name_met_once_in_the_middle_of_many_cues_is_text(tmp_path):
    many = [
        (f"00:00:{n:02d}.000", f"00:00:{n:02d}.900", f"{'IR'[n % 2]}: tekst {n}") for n in range(12)
    ]
    many.append(("00:00:12.000", "00:00:13.000", "Hart van Brabant: daar wel"))
    document = read(tmp_path, "a.vtt", cues(*many))
    assert turns(document)[-1] == ("R", "tekst 11 Hart van Brabant: daar wel")
    assert told(document, "stands there once") == [("warning", "a.vtt, cue 13")]


def test_impossible_times_are_read_as_they_stand(tmp_path):
    text = "WEBVTT\n\n00:99:99.000 --> 01:99:99.000\nI: hallo\n"
    assert read(tmp_path, "a.vtt", text).turns[0].start == 99 * 60 + 99


@pytest.mark.parametrize("name", ["a.vtt", "a.srt"])
def test_a_file_without_cues_is_refused(tmp_path, name):
    with pytest.raises(CopanalysisError, match="no captions"):
        read(tmp_path, name, "WEBVTT\n\ngeen tijden\n" if name == "a.vtt" else "1\ngeen tijden\n")
