const tags = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

/** Text with Telegram's entities as DOM nodes; text is only ever set as text, so nothing in it can run. */
export function richText(text, entities = []) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const root = document.createDocumentFragment();
  fill(root, { text, from: 0, to: text.length, entities: sorted });
  return root;
}

function fill(parent, { text, from, to, entities }) {
  let at = from;
  let rest = entities;
  while (rest.length > 0) {
    const [entity, ...others] = rest;
    const end = Math.min(entity.offset + entity.length, to);
    parent.append(text.slice(at, entity.offset));
    const node = element(entity, text.slice(entity.offset, end));
    // An entity that only half lies inside another is continued after it.
    const inside = others.filter(({ offset }) => offset < end);
    fill(node, { text, from: entity.offset, to: end, entities: inside });
    parent.append(node);
    at = end;
    const cut = inside.flatMap((other) => remainder(other, end));
    rest = [...cut, ...others.filter(({ offset }) => offset >= end)];
  }
  parent.append(text.slice(at, to));
}

function remainder(entity, from) {
  const length = entity.offset + entity.length - from;
  return length > 0 ? [{ ...entity, offset: from, length }] : [];
}

function element(entity, covered) {
  const address = { url: covered, text_link: entity.url, email: `mailto:${covered}` }[entity.type];
  if (address !== undefined && isSafe(address)) return link(address);
  const node = document.createElement(tags[entity.type] ?? "span");
  if (entity.type === "spoiler") {
    node.className = "spoiler";
    node.tabIndex = 0;
  }
  return node;
}

export function isSafe(address) {
  return URL.canParse(address) && /^(https?|tg|mailto):$/.test(new URL(address).protocol);
}

export function link(address) {
  const node = document.createElement("a");
  node.href = address;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  return node;
}
