"""A link by mail sets a password; nobody learns who has an account, and nobody reads another's link."""

import re
from email import message_from_bytes, policy

import pytest
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from backend.accounts.models import Role, User
from backend.audit.models import Entry
from backend.outbox import registry
from backend.outbox.models import Message
from backend.outbox.queries import messages_visible_to
from tests.factories import World, make_person, make_user, make_world

pytestmark = pytest.mark.django_db
ASK, DONE = "/accounts/password_reset/", "/accounts/password_reset/done/"
NEW = "Mot-mat-khau-dai-2026"


@pytest.fixture
def world() -> World:
    return make_world()


def ask(address: str, client: Client | None = None) -> tuple[int, str]:
    answer = (client or Client()).post(ASK, {"email": address})
    return answer.status_code, answer.get("Location", "")


def link_in(message: Message) -> str:
    mail = message_from_bytes(registry.render(message).as_bytes(policy=policy.SMTP), policy=policy.default)
    return re.search(r"https?://[^/]+(/\S+)", mail.get_content()).group(1)


def set_password(link: str, password: str = NEW) -> str:
    client = Client()
    form = client.get(link)
    answer = client.post(form["Location"], {"new_password1": password, "new_password2": password})
    return answer.get("Location", "")


def test_known_and_unknown_addresses_get_the_same_answer(world):
    User.objects.filter(pk=world.secretary.pk).update(email="thuky@ls.example")
    assert ask("khong@co.example") == ask("THUKY@ls.example") == (302, DONE)
    assert list(Message.objects.values_list("kind", "recipient")) == [("password_reset", "thuky@ls.example")]


def test_the_link_sets_a_password_once(world):
    person = make_person("Đàm Văn Mẫu", world.department, email="mau@stp.example")
    User.objects.filter(pk=world.secretary.pk).update(person=person)
    ask("mau@stp.example")
    link = link_in(Message.objects.get())
    assert set_password(link) == "/accounts/reset/done/"
    assert Client().login(username="secretary", password=NEW)
    assert "used already" in Client().get(link).content.decode()


def test_a_new_password_ends_the_tokens_of_programs(world):
    User.objects.filter(pk=world.secretary.pk).update(email="thuky@ls.example")
    AuthToken.objects.create(world.secretary)
    AuthToken.objects.create(world.leader)
    ask("thuky@ls.example")
    assert set_password(link_in(Message.objects.get())) == "/accounts/reset/done/"
    assert list(AuthToken.objects.values_list("user", flat=True)) == [world.leader.pk]


def test_the_accounts_own_address_goes_before_the_persons(world):
    person = make_person("Đàm Văn Mẫu", world.department, email="chung@stp.example")
    User.objects.filter(pk=world.secretary.pk).update(person=person, email="rieng@stp.example")
    ask("chung@stp.example")
    assert Message.objects.count() == 0


def test_a_locked_account_gets_no_link(world):
    User.objects.filter(pk=world.secretary.pk).update(email="thuky@ls.example", is_active=False)
    assert ask("thuky@ls.example") == (302, DONE)
    assert Message.objects.count() == 0


def test_an_address_is_written_to_three_times_an_hour(world):
    User.objects.filter(pk=world.secretary.pk).update(email="thuky@ls.example")
    assert {ask("thuky@ls.example") for _time in range(5)} == {(302, DONE)}
    assert Message.objects.count() == 3


def test_asking_without_end_is_refused_whatever_the_address(world):
    assert [ask(f"{n}@ls.example")[0] for n in range(31)] == [302] * 30 + [429]


def test_nobody_reads_anothers_link_in_the_outbox(world):
    User.objects.filter(pk=world.secretary.pk).update(email="thuky@ls.example")
    ask("thuky@ls.example")
    message = Message.objects.get()
    link_in(message)
    assert list(messages_visible_to(world.admin)) == []
    client = Client()
    client.force_login(world.admin)
    assert client.get(reverse("outbox-message", args=[message.pk])).status_code == 404


def test_an_administrator_sends_a_link_again_and_sees_whether_it_left(world):
    User.objects.filter(pk=world.secretary.pk).update(email="thuky@ls.example")
    client = Client()
    client.force_login(make_user("owner", world.province, Role.ADMIN))
    client.post(reverse("setup-password-link", args=[world.secretary.pk]))
    assert Message.objects.get().kind == "account_invitation"
    assert Entry.objects.get().act == "account.password_link"
    page = client.get(reverse("setup-edit", args=["accounts", world.secretary.pk])).content.decode()
    assert "The last one was written at 08:00 23/11/2026" in page
    stranger = Client()
    stranger.force_login(make_user("stranger", world.other, Role.ADMIN))
    assert stranger.post(reverse("setup-password-link", args=[world.secretary.pk])).status_code == 404


def test_a_weak_password_and_the_demos_are_refused(world):
    User.objects.filter(pk=world.secretary.pk).update(email="thuky@ls.example")
    ask("thuky@ls.example")
    assert set_password(link_in(Message.objects.get()), "demo") == ""


def test_somebody_changes_their_own_password(world):
    world.secretary.set_password(NEW)
    world.secretary.save()
    client = Client()
    client.login(username="secretary", password=NEW)
    other = "Mot-mat-khau-khac-2026"
    form = {"old_password": NEW, "new_password1": other, "new_password2": other}
    assert client.post("/accounts/password_change/", form)["Location"] == "/accounts/password_change/done/"
    assert Client().login(username="secretary", password=other)
