import { type Arguments, nested, text } from "../arguments.ts";
import { fields } from "../fields.ts";
import { isJson, type Json } from "../message.ts";
import { badRequest } from "../telegram-error.ts";
import { type Method, yes } from "./call.ts";

const MAX_COMMANDS = 100;
const MAX_DESCRIPTION_LENGTH = 256;

export const setMyCommands: Method = ({ bot, args }) => {
  const given = nested(args, "commands", "commands") ?? [];
  if (!Array.isArray(given)) throw badRequest("expected an Array of BotCommand");
  if (given.length > MAX_COMMANDS) throw badRequest("BOT_COMMANDS_TOO_MUCH");
  bot.commands[scopeOf(args)] = given.map(readCommand);
  return yes;
};

export const getMyCommands: Method = ({ bot, args }) => ({ result: bot.commands[scopeOf(args)] ?? [] });

export const deleteMyCommands: Method = ({ bot, args }) => {
  delete bot.commands[scopeOf(args)];
  return yes;
};

function readCommand(item: unknown): Json {
  const fail = (message: string) => badRequest(`can't parse BotCommand: ${message}`);
  if (!isJson(item)) throw fail("expected an Object");
  const command = fields(item, fail).requiredString("command").replace(/^\//, "");
  const description = fields(item, fail).requiredString("description").trim();
  if (!/^[a-z0-9_]{1,32}$/.test(command)) throw badRequest("BOT_COMMAND_INVALID");
  if (description === "" || description.length > MAX_DESCRIPTION_LENGTH)
    throw badRequest("BOT_COMMAND_DESCRIPTION_INVALID");
  return { command, description };
}

function scopeOf(args: Arguments): string {
  const scope = nested(args, "scope", "BotCommandScope");
  return `${isJson(scope) ? JSON.stringify(scope) : "default"}/${text(args, "language_code")}`;
}
