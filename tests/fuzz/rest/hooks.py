"""What Schemathesis cannot know by itself: tokens Telegram has given out, and whose bots are whose."""

import itertools
import json
import os
import urllib.parse
import urllib.request

import schemathesis

SIMULATOR = os.environ["FUZZ_SIMULATOR"]
OWN_BOTS = os.environ["FUZZ_OWN_BOTS"].split()
FOREIGN_BOTS = os.environ["FUZZ_FOREIGN_BOTS"].split()
FOREIGN_IDS = FOREIGN_BOTS + os.environ["FUZZ_FOREIGN_OWNERS"].split()

created = []
turns = itertools.count()


def new_token():
    wish = urllib.request.Request(
        f"{SIMULATOR}/sim/bots", data=b"{}", headers={"content-type": "application/json"}
    )
    with urllib.request.urlopen(wish) as answer:
        return json.load(answer)["token"]


def id_for(operation, turn):
    """Mostly a bot of one's own, sometimes another owner's; a generated id for the rest."""
    if turn % 5 == 3:
        return FOREIGN_BOTS[turn % len(FOREIGN_BOTS)]
    if turn % 5 == 4:
        return None
    # The bots of the beginning are kept, or all that follows would only meet 404.
    if operation.endswith("deleteBot"):
        return created.pop() if created else None
    return OWN_BOTS[turn % len(OWN_BOTS)]


@schemathesis.auth(refresh_interval=120)
class OwnersToken:
    """Keycloak's tokens live five minutes, a full run longer."""

    def get(self, case, context):
        form = urllib.parse.urlencode(json.loads(os.environ["FUZZ_TOKEN_REQUEST"])).encode()
        with urllib.request.urlopen(os.environ["FUZZ_TOKEN_ENDPOINT"], data=form) as answer:
            return json.load(answer)["access_token"]

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(context, case, kwargs):
    turn = next(turns)
    operation = case.operation.definition.raw.get("operationId", "")
    if "botId" in (case.path_parameters or {}):
        case.path_parameters["botId"] = id_for(operation, turn) or case.path_parameters["botId"]
    isToken = isinstance(case.body, dict) and isinstance(case.body.get("telegramToken"), str)
    if operation == "createBot" and isToken and turn % 2 == 0:
        case.body["telegramToken"] = new_token()


@schemathesis.hook
def after_call(context, case, response):
    if case.operation.definition.raw.get("operationId") == "createBot" and response.status_code == 201:
        created.append(response.json()["id"])


@schemathesis.check
def no_ids_of_other_owners(ctx, response, case):
    asked = json.dumps([case.path_parameters, case.query, case.body], default=str)
    shown = [id for id in FOREIGN_IDS if id in response.text and id not in asked]
    assert not shown, f"the answer shows ids of other owners: {shown}"


@schemathesis.check
def bots_of_other_owners_are_not_found(ctx, response, case):
    is_foreign = (case.path_parameters or {}).get("botId") in FOREIGN_BOTS
    assert not is_foreign or response.status_code >= 400, f"another owner's bot was answered with {response.status_code}"
