import { foldInto, openReadModel, type ReadModelPlace, type ReadModelPlan, together } from "@botfactory/event-store";
import { ACCOUNTS_STREAM, accountCodec } from "../accounts.ts";
import type { AccountFact } from "../domain/account-state.ts";
import { type AccountModel, accountModel } from "./account-document.ts";
import { type BotModel, botModel } from "./bot-document.ts";
import { ownerIdsOf, projectAccount } from "./project-account.ts";
import { botIdsOf, projectBot } from "./project-bot.ts";

/** What bots keeps in MongoDB. */
export const botsReadModel: ReadModelPlan<AccountFact, { bots: BotModel; accounts: AccountModel }> = {
  name: "bots",
  stream: ACCOUNTS_STREAM.name,
  subject: "accounts.*",
  codec: accountCodec,
  target: (database) =>
    together(
      foldInto({ database, collection: "bots", ids: botIdsOf, evolve: projectBot }),
      foldInto({ database, collection: "accounts", ids: ownerIdsOf, evolve: projectAccount }),
    ),
  models: (connection) => ({ bots: botModel(connection), accounts: accountModel(connection) }),
};

/** The bots and the way to read them, whether MongoDB is there or away. */
export function readModel(place: ReadModelPlace) {
  const { models, ...model } = openReadModel(botsReadModel, place);
  return { ...model, bots: models.bots };
}
