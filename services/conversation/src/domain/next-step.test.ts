import { describe, expect, it } from "@jest/globals";
import { incomingUpdate } from "./incoming-update.ts";
import { nextStep, type WaitingUpdate } from "./next-step.ts";

let sequence = 0n;
function waiting(content: object, { isRepeat = false, sender = 5 } = {}): WaitingUpdate {
  sequence += 1n;
  const message = {
    message_id: Number(sequence),
    from: { id: sender, is_bot: false },
    chat: { id: -7, type: sender === 5 ? "private" : "group" },
    ...content,
  };
  return { updateId: `u${sequence}`, streamSequence: sequence, isRepeat, content: incomingUpdate({ message }) };
}
const text = (words: string, sender = 5) => waiting({ text: words }, { sender });

describe("the updates that wait in a chat", () => {
  it("ask for nothing when there are none", () => expect(nextStep([])).toEqual({ kind: "nothing" }));

  it("become one turn when they are quick successive messages", () => {
    const queue = [text("Salom"), text("narxi qancha?")];
    expect(nextStep(queue)).toMatchObject({ kind: "turn", text: "Salom\nnarxi qancha?", updates: queue });
  });

  it("are not merged with a command before or after them", () => {
    const [command, words] = [text("/start"), text("Salom")];
    expect(nextStep([command, words])).toMatchObject({ updates: [command] });
    expect(nextStep([words, command])).toMatchObject({ updates: [words] });
  });

  it("are not merged over two persons of a group", () => {
    const [one, other] = [text("Salom", 1), text("Privet", 2)];
    expect(nextStep([one, other])).toMatchObject({ updates: [one] });
  });

  it("fill a turn up to Telegram's longest message, but the first is always taken", () => {
    const long = text("x".repeat(4_096));
    expect(nextStep([long, text("y")])).toMatchObject({ updates: [long] });
    const half = [text("x".repeat(2_000)), text("y".repeat(2_000)), text("z".repeat(2_000))];
    expect(nextStep(half)).toMatchObject({ updates: half.slice(0, 2) });
  });

  it("fill a turn up to ten", () => {
    const queue = Array.from({ length: 15 }, () => text("x"));
    expect(nextStep(queue)).toMatchObject({ updates: queue.slice(0, 10) });
  });

  it("are told once that only text is read, however many photos an album has", () => {
    const album = [waiting({ photo: [] }), waiting({ photo: [] })];
    expect(nextStep([...album, text("hi")])).toMatchObject({ kind: "turn", text: "", updates: album });
  });

  it("are passed over together while the reason is the same", () => {
    const repeats = [waiting({ text: "a" }, { isRepeat: true }), waiting({ text: "b" }, { isRepeat: true })];
    const joined = waiting({ new_chat_members: [] });
    expect(nextStep([...repeats, joined])).toEqual({ kind: "pass-over", reason: "repeated", updates: repeats });
    expect(nextStep([joined, text("hi")])).toEqual({ kind: "pass-over", reason: "service_message", updates: [joined] });
  });

  it("stop a turn at one that was answered before", () => {
    const queue = [text("a"), waiting({ text: "b" }, { isRepeat: true }), text("c")];
    expect(nextStep(queue)).toMatchObject({ kind: "turn", updates: queue.slice(0, 1) });
  });
});
