"""The chess board beside the stepper, and the answers of other kinds: what they show, and playing on from there."""

import re

import chess
import pytest
from playwright.sync_api import expect

from gruviz.common.quantities import brief_share
from gruviz.models import entries, load_model
from gruviz.models.opening_names import opening_name
from gruviz.reading import read
from tests.browser.stays import all_stays
from tests.browser.test_accessibility import serious
from tests.browser.waiting import becomes, soon

MODEL = "openings-gru"
GAME = "e4 c5 Nf3 d6 d4 cxd4 Nxd4 Nf6"
MATE = "f3 e5 g4 Qh4#"
ROWS = [f"{file}{rank}" for rank in range(8, 0, -1) for file in "abcdefgh"]


def opened(page, game, step=None, **link):
    link |= {"step": step} if step else {}
    return page.open(model=entries()[MODEL].title, seq=game, **link)


def square(page, name):
    return page.page.get_by_role("gridcell", name=re.compile(f"^{name}, "))


def shown(page):
    """What the board shows, by the names of its squares."""
    return page.page.get_by_role("gridcell").evaluate_all("(cells) => cells.map((cell) => cell.ariaLabel)")


def after(game):
    """The same by python-chess."""
    board = chess.Board()
    for move in game.split():
        board.push_san(move)

    def standing(name):
        piece = board.piece_at(chess.parse_square(name))
        return f"{chess.COLOR_NAMES[piece.color]} {chess.piece_name(piece.piece_type)}" if piece else "empty"

    return [f"{name}, {standing(name)}" for name in ROWS]


def first(game, moves):
    return " ".join(game.split()[:moves])


def play(page, start, end):
    square(page, start).click()
    square(page, end).click()


def stands(page, game):
    """Expects the stepper and the board at the end of a game."""
    moves = game.split()
    page.at(len(moves), len(moves), moves[-1])
    expect(page.sequence).to_have_value(game)
    expect(page.chips).to_have_text(moves)
    becomes(lambda: shown(page), after(game))


def test_the_board_and_the_answers_follow_the_steps(step_page):
    opened(step_page, GAME, 1)
    found = read(load_model(MODEL), GAME)
    moves, page = GAME.split(), step_page.page
    listed = page.get_by_role("list", name="Likeliest answers").get_by_role("listitem")
    expect(page.get_by_role("heading", name="Answer: next move")).to_be_visible()
    for step in range(1, len(moves) + 1):
        step_page.at(step, len(moves), moves[step - 1])
        becomes(lambda: shown(step_page), after(first(GAME, step)))
        number = f"{(step + 1) // 2}{'.' if step % 2 else '…'} {moves[step - 1]}"
        expect(page.get_by_role("grid")).to_have_attribute("aria-label", f"Board, {number}")
        expect(page.locator(".opening")).to_have_text(f"{number} · {opening_name(moves[:step])}")
        ranked, actual = found.answers.ranking(step, 5), found.answers.actual(step)
        expect(listed).to_have_text([f"{move}{brief_share(share)}" for move, share in ranked])
        expect(page.locator(".options .actual")).to_have_text(f"actual: {actual}" if actual else "")
        expect(page.locator(".transport .answer")).to_have_text(f"next move: {found.answers.text(step)}")
        step_page.press("ArrowRight")
    step_page.press("Home")
    becomes(lambda: shown(step_page), after("e4"))
    step_page.press("Shift+ArrowRight")  # inside the next step
    becomes(lambda: shown(step_page), after("e4 c5"))


def test_a_move_is_played_by_clicking_a_piece_and_where_it_goes(step_page):
    opened(step_page, "e4 e5 Nf3 Nc6 Bc4 Bc5", 6)
    square(step_page, "e1").click()
    expect(step_page.page.locator(".square.goal")).to_have_count(3)  # e2, f1, and g1 by castling
    square(step_page, "e1").click()
    expect(step_page.page.locator(".square.goal")).to_have_count(0)
    play(step_page, "e1", "g1")
    stands(step_page, "e4 e5 Nf3 Nc6 Bc4 Bc5 O-O")
    step_page.linked(seq="e4 e5 Nf3 Nc6 Bc4 Bc5 O-O", step=7)
    step_page.cursor(7)
    play(step_page, "g8", "f6")
    stands(step_page, "e4 e5 Nf3 Nc6 Bc4 Bc5 O-O Nf6")
    step_page.press("Home")  # keys step on after a click in the board
    play(step_page, "c7", "c5")  # all moves after 1. e4 are replaced
    stands(step_page, "e4 c5")
    step_page.press("ArrowLeft")
    play(step_page, "c7", "c5")  # the same game again, from before its end
    stands(step_page, "e4 c5")


def test_a_pawn_at_the_end_becomes_a_queen(step_page):
    game = "e4 d5 exd5 c6 dxc6 Nf6 cxb7 Nbd7"
    opened(step_page, game, 8)
    play(step_page, "b7", "a8")
    stands(step_page, f"{game} bxa8=Q")


def test_from_the_keyboard_alone(step_page):
    opened(step_page, "d4 d5", 2)
    step_page.speed.focus()
    for _ in range(4):
        step_page.press("Tab")
        if step_page.page.locator("[role=gridcell]:focus").count():
            break
    expect(square(step_page, "e2")).to_be_focused()
    step_page.press("ArrowRight", "ArrowLeft", "Enter")
    expect(square(step_page, "e2")).to_have_attribute("aria-selected", "true")
    step_page.press("Escape")
    expect(square(step_page, "e2")).to_have_attribute("aria-selected", "false")
    step_page.press("ArrowDown", "ArrowDown", "ArrowDown")  # no further than the edge
    expect(square(step_page, "e1")).to_be_focused()
    step_page.at(2, 2, "d5")  # the arrows are the board's own
    step_page.press("ArrowUp", "Enter", "ArrowUp", "ArrowUp", "Enter")
    stands(step_page, "d4 d5 e4")
    expect(square(step_page, "e4")).to_be_focused()
    step_page.press("ArrowUp", "ArrowUp", "ArrowUp", " ", "ArrowDown", "ArrowDown", " ")  # Space chooses, too
    stands(step_page, "d4 d5 e4 e5")
    expect(step_page.button("Play")).to_be_visible()


def test_what_may_not_be_played_is_told_and_changes_nothing(step_page):
    opened(step_page, GAME, 2)
    notice = step_page.page.locator(".board").get_by_role("alert")
    step_page.cursor(2)
    messages = len(step_page.messages)
    for start, end, told in (
        ("e4", "e6", "e4–e6 is not legal for the white pawn at move 2. It can go to e5."),
        ("a1", "a3", "a1–a3 is not legal for the white rook at move 2. It can’t move now."),
        ("g1", "g5", "g1–g5 is not legal for the white knight at move 2. It can go to e2, f3, h3."),
    ):
        play(step_page, start, end)
        expect(notice).to_have_text(told)
        square(step_page, start).click()  # lets the piece go
        expect(notice).to_be_hidden()
    square(step_page, "e7").click()
    expect(notice).to_have_text("It is White’s move.")
    square(step_page, "e5").click()
    step_page.at(2, 8, "c5")
    becomes(lambda: shown(step_page), after("e4 c5"))
    expect(step_page.sequence).to_have_value(GAME)
    assert step_page.messages[messages:] == []


def test_nothing_is_played_after_mate(step_page):
    opened(step_page, MATE, 4)
    hint = step_page.page.locator(".board .hint")
    expect(hint).to_have_text("The game is over: checkmate.")
    play(step_page, "e2", "e4")
    expect(step_page.page.locator(".board").get_by_role("alert")).to_have_text("The game is over: checkmate.")
    becomes(lambda: shown(step_page), after(MATE))
    expect(step_page.page.get_by_role("list", name="Likeliest answers").get_by_role("listitem")).to_have_count(0)
    step_page.press("ArrowLeft")
    expect(hint).to_have_text("Black to move: click a piece, then where it goes. Moves after this one are replaced.")
    play(step_page, "d8", "e7")
    stands(step_page, "f3 e5 g4 Qe7")


def test_an_illegal_move_in_the_sequence_is_told_and_the_last_game_stays(step_page):
    opened(step_page, "e4 e5", 2)
    error = step_page.page.get_by_role("alert").filter(has_text="“Ke3” at position 3 (White's 2nd move) is not legal")
    with all_stays(step_page.page):
        step_page.sequence.fill("e4 e5 Ke3 Nf6")
        expect(error).to_contain_text("Ke2")
    becomes(lambda: shown(step_page), after("e4 e5"))
    expect(step_page.chips).to_have_text(["e4", "e5"])
    play(step_page, "g1", "f3")  # on from what is shown
    stands(step_page, "e4 e5 Nf3")
    expect(error).to_have_count(0)


def test_from_the_start_a_new_game(step_page):
    opened(step_page, GAME, 3)
    step_page.button("From the start").click()
    becomes(lambda: shown(step_page), after(""))
    expect(step_page.page.locator(".opening")).to_have_text("Before the first move")
    step_page.at(3, 8, "Nf3")
    step_page.button("Back to 2. Nf3").click()
    becomes(lambda: shown(step_page), after(first(GAME, 3)))
    step_page.button("From the start").click()
    step_page.press("ArrowRight")  # stepping goes on from the game
    becomes(lambda: shown(step_page), after(first(GAME, 4)))
    step_page.button("From the start").click()
    play(step_page, "d2", "d4")
    stands(step_page, "d4")


def test_two_people_play_two_games(pages, browser):
    one, context = opened(pages.new(), "e4 e5", 2), browser.new_context()
    try:
        other = opened(pages.new(context=context), "e4 e5", 2)
        play(one, "g1", "f3")
        stands(one, "e4 e5 Nf3")
        play(other, "b1", "c3")
        stands(other, "e4 e5 Nc3")
        stands(one, "e4 e5 Nf3")
        play(one, "b8", "c6")
        stands(one, "e4 e5 Nf3 Nc6")
    finally:
        context.close()


def test_other_kinds_of_answers(step_page):
    step_page.open(model=entries()["surnames-gru"].title, seq="Rossi")
    found = read(load_model("surnames-gru"), "Rossi")
    told = step_page.page.locator(".transport .answer")
    answers = step_page.page.get_by_role("list", name="Likeliest answers")
    for step in (5, 1):
        step_page.slider.fill(str(step))
        expect(told).to_have_text(f"origin: {found.answers.text(step)}")
        ranked = found.answers.ranking(step, 5)
        expect(answers.get_by_role("listitem")).to_have_text([f"{origin}{brief_share(p)}" for origin, p in ranked])
    expect(step_page.page.get_by_role("heading", name="Answer: origin")).to_be_visible()
    expect(step_page.page.get_by_role("grid", name="Board")).to_be_hidden()

    step_page.choose_model(entries()["sunspots-gru"].title)
    step_page.sequence.fill("12 30.5 21")
    expect(step_page.chips).to_have_text(["12", "30.5", "21"])
    found = read(load_model("sunspots-gru"), "12 30.5 21")
    for step, actual in ((3, ""), (2, " (actual: 21.0 sunspots)"), (1, " (actual: 30.5 sunspots)")):
        step_page.slider.fill(str(step))
        expect(told).to_have_text(f"next month: {found.answers.text(step)}{actual}")
    expect(answers).to_be_hidden()

    step_page.choose_model(entries()["sentiment-gru"].title)
    step_page.sequence.fill("Great food")
    expect(step_page.chips).to_have_text(["Great", "food"])
    step_page.slider.fill("2")
    expect(told).to_have_text(read(load_model("sentiment-gru"), "Great food").answers.text(2))
    expect(told).to_have_text(re.compile(r"^\d+% positive$"))
    expect(answers).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe(pages, scheme):
    page = opened(pages.new(scheme, height=2400), GAME, 2)
    play(page, "g1", "g5")
    expect(page.page.locator(".board").get_by_role("alert")).to_be_visible()
    assert serious(page) == []


def test_on_a_phone_the_board_stands_by_the_stepping_buttons(pages):
    page = opened(pages.new(width=420), GAME, 2)

    def check():
        board, table = page.page.get_by_role("grid", name="Board").bounding_box(), page.rows.first.bounding_box()
        assert board["y"] + board["height"] < table["y"]
        assert board["x"] >= 0
        assert board["x"] + board["width"] <= 420
        assert board["width"] == pytest.approx(board["height"], abs=2)
        names = page.rows.locator(".name")
        assert min(names.evaluate_all("(all) => all.map((name) => name.getBoundingClientRect().left)")) >= 0

    soon(check)
