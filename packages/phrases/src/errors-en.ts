/** What an owner reads about an error: what happened, why, and what to do next. */
export interface ErrorPhrases {
  readonly title: string;
  readonly cause: string;
  readonly remedy: string;
}

export const errorsEn = {
  plan_limit_reached: {
    title: "Plan limit reached",
    cause: "Your plan allows {{limit}} bot(s), and you have them all.",
    remedy: "Delete a bot or ask for a bigger plan.",
  },
  bot_not_found: {
    title: "Bot not found",
    cause: "There is no bot with this address among your bots.",
    remedy: "Open My Bots and choose the bot there.",
  },
  chat_not_found: {
    title: "Chat not found",
    cause: "Nobody has written to the bot in this chat yet.",
    remedy: "Write to the bot in Telegram, then look again.",
  },
  token_invalid: {
    title: "Invalid token",
    cause: "Telegram does not know this token.",
    remedy: "Copy the token from @BotFather again, or get a new one with /token, and save it in the bot's settings.",
  },
  token_taken: {
    title: "This Telegram bot is already in use",
    cause: "One Telegram bot can be connected once only.",
    remedy: "Make another bot with @BotFather, or delete the bot that uses this token.",
  },
  token_of_other_bot: {
    title: "This token belongs to another Telegram bot",
    cause: "A token can be replaced only by a new token of the same Telegram bot.",
    remedy:
      "In @BotFather choose the same bot, press API Token and copy the new token. For another bot press Create New Bot.",
  },
  token_revoked: {
    title: "The token no longer works",
    cause: "Telegram answers that this token was revoked.",
    remedy: "Get a new token from @BotFather and save it in the bot's settings, then press Set Webhook.",
  },
  webhook_not_set: {
    title: "Webhook is not set",
    cause: "Telegram does not know yet where to send the messages of this bot.",
    remedy: "Open Webhook Setup, check the Webhook Base URL and press Set Webhook.",
  },
  webhook_url_not_https: {
    title: "The address must begin with https://",
    cause: "Telegram delivers messages to HTTPS addresses only.",
    remedy: "Enter an address such as https://yourdomain.com.",
  },
  webhook_url_invalid: {
    title: "This is not a valid address",
    cause: "The Webhook Base URL must be an address without path, query or password.",
    remedy: "Enter an address such as https://yourdomain.com.",
  },
  webhook_refused: {
    title: "Telegram refused the webhook",
    cause: "Telegram said: {{description}}",
    remedy:
      "Check that the address is reachable from the internet on port 443, 80, 88 or 8443 with a valid certificate, then press Set Webhook again.",
  },
  telegram_unreachable: {
    title: "Telegram cannot be reached",
    cause: "BotFactory got no answer from Telegram.",
    remedy: "Nothing is lost. Try again in a minute.",
  },
  bot_not_responding: {
    title: "Bot not responding",
    cause: "Telegram cannot deliver messages to the webhook: {{description}}",
    remedy:
      "Check that the Webhook Base URL is right and reachable by HTTPS, then press Set Webhook again. Waiting messages are answered afterwards.",
  },
  bot_paused: {
    title: "The bot is paused",
    cause: "A paused bot does not answer.",
    remedy: "Press Resume. If the plan paused it, pause or delete another bot or ask for a bigger plan first.",
  },
  bot_blocked_by_user: {
    title: "The user blocked the bot",
    cause: "Telegram does not deliver messages to a user who blocked the bot.",
    remedy: "Nothing can be sent until the user unblocks it.",
  },
  telegram_chat_not_found: {
    title: "Telegram does not know this chat",
    cause: "A bot can write only to people who have started it.",
    remedy: "Open the bot in Telegram, press Start, then use that chat's id.",
  },
  telegram_rate_limited: {
    title: "Telegram asks to slow down",
    cause: "Too many messages were sent in a short time.",
    remedy: "Try again in {{seconds}} seconds.",
  },
  telegram_refused: {
    title: "Telegram refused the message",
    cause: "Telegram said: {{description}}",
    remedy: "Change the text and try again.",
  },
  prompt_empty: {
    title: "The system prompt is empty",
    cause: "Without a system prompt the AI does not know how to answer.",
    remedy: "Write at least one sentence, for example: You are a helpful assistant.",
  },
  prompt_too_long: {
    title: "The system prompt is too long",
    cause: "It may have at most {{limit}} characters, it has {{length}}.",
    remedy: "Shorten it.",
  },
  field_invalid: {
    title: "A field is not right",
    cause: "{{field}}: {{reason}}",
    remedy: "Correct the field and send again.",
  },
  field_required: {
    title: "A field is missing",
    cause: "{{field}} is needed.",
    remedy: "Fill in the field and send again.",
  },
  ai_key_missing: {
    title: "GOOGLE_API_KEY not set",
    cause: "The installation has no key for Google Gemini.",
    remedy: "The operator sets GOOGLE_API_KEY and restarts the ai service.",
  },
  ai_key_invalid: {
    title: "Google does not accept the key",
    cause: "Google Gemini refused GOOGLE_API_KEY.",
    remedy: "The operator makes a new key in Google AI Studio, sets GOOGLE_API_KEY and restarts the ai service.",
  },
  ai_rate_minute: {
    title: "Rate limit exceeded",
    cause: "Google Gemini's limit for this minute is used up.",
    remedy: "Wait a few minutes, or use a paid Google AI plan.",
  },
  ai_rate_day: {
    title: "Rate limit exceeded for today",
    cause: "Google Gemini's limit for this day is used up.",
    remedy: "It starts anew at midnight Pacific time. A paid Google AI plan has higher limits.",
  },
  ai_blocked: {
    title: "The answer was blocked",
    cause: "Google Gemini's safety rules stopped the answer.",
    remedy: "Ask in other words. If it happens often, look at the system prompt.",
  },
  ai_empty: {
    title: "The AI gave no answer",
    cause: "Google Gemini answered with an empty text.",
    remedy: "Ask once more or in other words.",
  },
  ai_overloaded: {
    title: "The AI is overloaded",
    cause: "Google Gemini cannot take the question at the moment.",
    remedy: "Try again in a few minutes.",
  },
  ai_request_refused: {
    title: "Google refused the request",
    cause: "Google Gemini does not know the model, or does not take this request.",
    remedy: "The operator checks GEMINI_MODEL: Google retires models from time to time.",
  },
  ai_timeout: {
    title: "The AI took too long",
    cause: "Google Gemini did not answer in time.",
    remedy: "Try again, with a shorter question if possible.",
  },
  owner_allowance_spent: {
    title: "Today's messages are used up",
    cause: "Your plan allows {{limit}} messages a day.",
    remedy:
      "Wait until the day ends at midnight Pacific time (12:00 in Tashkent, 13:00 in winter), or ask for a bigger plan.",
  },
  text_only: {
    title: "Only text is answered",
    cause: "The user sent something without text.",
    remedy: "The user was asked to write words.",
  },
  unauthenticated: {
    title: "Please sign in",
    cause: "You are not signed in, or the sign-in has expired.",
    remedy: "Sign in again.",
  },
  sign_in_failed: {
    title: "Sign-in did not work",
    cause: "This sign-in was cancelled, took too long, or was not started in this browser.",
    remedy: "Sign in again.",
  },
  sign_in_unavailable: {
    title: "Sign-in is not available at the moment",
    cause: "The sign-in service (Keycloak) does not answer.",
    remedy: "Try again in a minute. Whoever is signed in stays signed in.",
  },
  forbidden: {
    title: "Not allowed",
    cause: "Your role does not allow this.",
    remedy: "Ask an administrator of this installation.",
  },
  not_found: {
    title: "Not found",
    cause: "There is nothing at this address.",
    remedy: "Check the address, or start from My Bots.",
  },
  csrf_invalid: {
    title: "The page is out of date",
    cause: "The request did not come from the current page of this console.",
    remedy: "Reload the page and try again.",
  },
  body_invalid: {
    title: "The request cannot be read",
    cause: "Its body is not valid JSON of the expected shape.",
    remedy: "Correct the body; /api/v1/openapi.json describes it.",
  },
  body_too_large: {
    title: "The request is too large",
    cause: "A request may have at most {{limit}} bytes.",
    remedy: "Send less at once.",
  },
  media_type_unsupported: {
    title: "The request is not JSON",
    cause: "Only Content-Type: application/json is read here.",
    remedy: "Send JSON and say so in Content-Type.",
  },
  method_not_allowed: {
    title: "This address cannot do that",
    cause: "The address is right, but not for this method.",
    remedy: "See the methods of the address in the header Allow, or in /api/v1/openapi.json.",
  },
  rate_limited: {
    title: "Too many requests",
    cause: "There were too many requests in a short time.",
    remedy: "Wait a minute and try again.",
  },
  unavailable: {
    title: "Not available at the moment",
    cause: "A part of BotFactory does not answer.",
    remedy: "Nothing is lost. Try again in a minute.",
  },
  log_damaged: {
    title: "Part of the history is damaged",
    cause: "What was stored is no longer what was written, so nothing is done on top of it.",
    remedy: "Tell the operator the time: work goes on when the history is restored.",
  },
  outcome_unknown: {
    title: "It is not known whether this was answered",
    cause:
      "The history was restored from a backup, and the answer may have been sent after the backup was made. It is not sent twice.",
    remedy: "If the chat is silent, write to the person, or ask them to write again.",
  },
  internal: {
    title: "Something went wrong on our side",
    cause: "An unexpected error happened and was noted.",
    remedy: "Try again. If it stays, tell the operator the time and what you did.",
  },
} satisfies Record<string, ErrorPhrases>;

/** Every error code a person can meet. */
export type ErrorCode = keyof typeof errorsEn;
