const UZBEK_CYRILLIC = /[ўқғҳ]/i;
const CYRILLIC = /[а-яё]/i;
const UZBEK_LATIN =
  /[og][‘’'ʻʼ`]|\b(salom|assalomu|rahmat|qanday|qancha|nima|menga|kerak|bormi|narxi|iltimos|yaxshi)\b/i;

/** A believable answer in the language of the text, with the text in it, so that a test can tell which one it answers. */
export function believableAnswer(text: string): string {
  if (UZBEK_CYRILLIC.test(text)) return `Сиз ёздингиз: «${text}». Яна қандай ёрдам керак?`;
  if (CYRILLIC.test(text)) return `Вы написали: «${text}». Чем ещё могу помочь?`;
  if (UZBEK_LATIN.test(text)) return `Siz yozdingiz: «${text}». Yana qanday yordam kerak?`;
  return `You wrote: “${text}”. How else can I help?`;
}

/** A rough count, four characters a token, as Google's documentation gives for English. */
export function roughTokens(text: string): number {
  return Math.max(1, Math.ceil(text.length / 4));
}
