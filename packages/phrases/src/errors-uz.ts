import type { ErrorCode, ErrorPhrases } from "./errors-en.ts";

export const errorsUz: Record<ErrorCode, ErrorPhrases> = {
  plan_limit_reached: {
    title: "Tarif chegarasiga yetildi",
    cause: "Tarifingiz {{limit}} ta botga ruxsat beradi va ularning hammasi band.",
    remedy: "Botlardan birini oʻchiring yoki kattaroq tarif soʻrang.",
  },
  bot_not_found: {
    title: "Bot topilmadi",
    cause: "Botlaringiz orasida bunday manzilli bot yoʻq.",
    remedy: "“Mening botlarim” sahifasini oching va botni oʻsha yerdan tanlang.",
  },
  chat_not_found: {
    title: "Suhbat topilmadi",
    cause: "Bu suhbatda botga hali hech kim yozmagan.",
    remedy: "Telegramda botga yozing va yana qarang.",
  },
  token_invalid: {
    title: "Token notoʻgʻri",
    cause: "Telegram bu tokenni tanimaydi.",
    remedy:
      "Tokenni @BotFather dan yana nusxalang yoki /token buyrugʻi bilan yangisini oling va bot sozlamalarida saqlang.",
  },
  token_taken: {
    title: "Bu Telegram bot allaqachon ulangan",
    cause: "Bitta Telegram botni faqat bir marta ulash mumkin.",
    remedy: "@BotFather da boshqa bot yarating yoki shu tokendan foydalanayotgan botni oʻchiring.",
  },
  token_of_other_bot: {
    title: "Bu boshqa Telegram botning tokeni",
    cause: "Tokenni faqat oʻsha Telegram botning yangi tokeniga almashtirish mumkin.",
    remedy:
      "@BotFather da oʻsha botni tanlang, API Token tugmasini bosing va yangi tokenni nusxalang. Boshqa bot uchun “Yangi bot yaratish”ni bosing.",
  },
  token_revoked: {
    title: "Token endi ishlamaydi",
    cause: "Telegram bu token bekor qilinganini aytdi.",
    remedy: "@BotFather dan yangi token oling, uni bot sozlamalarida saqlang va “Webhook oʻrnatish”ni bosing.",
  },
  webhook_not_set: {
    title: "Webhook oʻrnatilmagan",
    cause: "Telegram bu botning xabarlarini qayerga yuborishni hali bilmaydi.",
    remedy: "“Webhook sozlash” sahifasini oching, Webhook Base URL ni tekshiring va “Webhook oʻrnatish”ni bosing.",
  },
  webhook_url_not_https: {
    title: "Manzil https:// bilan boshlanishi kerak",
    cause: "Telegram xabarlarni faqat HTTPS manzillarga yetkazadi.",
    remedy: "https://yourdomain.com kabi manzil kiriting.",
  },
  webhook_url_invalid: {
    title: "Bu toʻgʻri manzil emas",
    cause: "Webhook Base URL yoʻlsiz, parametrsiz va parolsiz manzil boʻlishi kerak.",
    remedy: "https://yourdomain.com kabi manzil kiriting.",
  },
  webhook_refused: {
    title: "Telegram webhookni rad etdi",
    cause: "Telegram javobi: {{description}}",
    remedy:
      "Manzil internetdan 443, 80, 88 yoki 8443-portda, yaroqli sertifikat bilan ochilishini tekshiring va “Webhook oʻrnatish”ni yana bosing.",
  },
  telegram_unreachable: {
    title: "Telegram bilan aloqa yoʻq",
    cause: "BotFactory Telegramdan javob olmadi.",
    remedy: "Hech narsa yoʻqolmadi. Bir daqiqadan keyin yana urinib koʻring.",
  },
  bot_not_responding: {
    title: "Bot javob bermayapti",
    cause: "Telegram xabarlarni webhookka yetkaza olmayapti: {{description}}",
    remedy:
      "Webhook Base URL toʻgʻriligini va HTTPS orqali ochilishini tekshiring, soʻng “Webhook oʻrnatish”ni yana bosing. Kutayotgan xabarlarga javob beriladi.",
  },
  bot_paused: {
    title: "Bot toʻxtatib qoʻyilgan",
    cause: "Toʻxtatilgan bot javob bermaydi.",
    remedy:
      "“Davom ettirish”ni bosing. Uni tarif toʻxtatgan boʻlsa, avval boshqa botni toʻxtating yoki oʻchiring yoxud kattaroq tarif soʻrang.",
  },
  bot_blocked_by_user: {
    title: "Foydalanuvchi botni bloklagan",
    cause: "Telegram botni bloklagan odamga xabar yetkazmaydi.",
    remedy: "Foydalanuvchi blokdan chiqarmaguncha hech narsa yuborib boʻlmaydi.",
  },
  telegram_chat_not_found: {
    title: "Telegram bu suhbatni tanimaydi",
    cause: "Bot faqat uni ishga tushirgan odamlarga yoza oladi.",
    remedy: "Telegramda botni oching, “Start”ni bosing va oʻsha suhbat raqamini kiriting.",
  },
  telegram_rate_limited: {
    title: "Telegram sekinroq yuborishni soʻrayapti",
    cause: "Qisqa vaqtda juda koʻp xabar yuborildi.",
    remedy: "{{seconds}} soniyadan keyin yana urinib koʻring.",
  },
  telegram_refused: {
    title: "Telegram xabarni rad etdi",
    cause: "Telegram javobi: {{description}}",
    remedy: "Matnni oʻzgartiring va yana urinib koʻring.",
  },
  prompt_empty: {
    title: "System prompt boʻsh",
    cause: "System promptsiz AI qanday javob berishni bilmaydi.",
    remedy: "Kamida bitta gap yozing, masalan: Sen yordamchi botsan.",
  },
  prompt_too_long: {
    title: "System prompt juda uzun",
    cause: "Koʻpi bilan {{limit}} ta belgi mumkin, hozir {{length}} ta.",
    remedy: "Uni qisqartiring.",
  },
  field_invalid: {
    title: "Maydon notoʻgʻri toʻldirilgan",
    cause: "{{field}}: {{reason}}",
    remedy: "Maydonni tuzating va yana yuboring.",
  },
  field_required: {
    title: "Maydon toʻldirilmagan",
    cause: "{{field}} maydoni kerak.",
    remedy: "Maydonni toʻldiring va yana yuboring.",
  },
  ai_key_missing: {
    title: "GOOGLE_API_KEY sozlanmagan",
    cause: "Bu oʻrnatmada Google Gemini kaliti yoʻq.",
    remedy: "Operator GOOGLE_API_KEY ni qoʻshadi va ai xizmatini qayta ishga tushiradi.",
  },
  ai_key_invalid: {
    title: "Google kalitni qabul qilmayapti",
    cause: "Google Gemini GOOGLE_API_KEY ni rad etdi.",
    remedy:
      "Operator Google AI Studio da yangi kalit yaratadi, GOOGLE_API_KEY ga yozadi va ai xizmatini qayta ishga tushiradi.",
  },
  ai_rate_minute: {
    title: "Soʻrovlar chegarasi oshdi",
    cause: "Google Gemini ning shu daqiqadagi chegarasi tugadi.",
    remedy: "Bir necha daqiqa kuting yoki Google AI ning pullik tarifidan foydalaning.",
  },
  ai_rate_day: {
    title: "Bugungi soʻrovlar chegarasi oshdi",
    cause: "Google Gemini ning bugungi chegarasi tugadi.",
    remedy: "U Tinch okeani vaqti bilan yarim tunda yangilanadi. Google AI ning pullik tarifida chegaralar yuqoriroq.",
  },
  ai_blocked: {
    title: "Javob bloklandi",
    cause: "Google Gemini ning xavfsizlik qoidalari javobni toʻxtatdi.",
    remedy: "Boshqacha soʻrang. Tez-tez takrorlansa, system promptni koʻrib chiqing.",
  },
  ai_empty: {
    title: "AI javob bermadi",
    cause: "Google Gemini boʻsh matn qaytardi.",
    remedy: "Yana bir marta yoki boshqacha soʻrang.",
  },
  ai_overloaded: {
    title: "AI band",
    cause: "Google Gemini hozir savolni qabul qila olmaydi.",
    remedy: "Bir necha daqiqadan keyin yana urinib koʻring.",
  },
  ai_request_refused: {
    title: "Google soʻrovni qabul qilmadi",
    cause: "Google Gemini bu modelni bilmaydi yoki bunday soʻrovni olmaydi.",
    remedy: "Operator GEMINI_MODEL ni tekshiradi: Google modellarni vaqti-vaqti bilan oʻchiradi.",
  },
  ai_timeout: {
    title: "AI juda uzoq oʻyladi",
    cause: "Google Gemini oʻz vaqtida javob bermadi.",
    remedy: "Yana urinib koʻring, iloji boʻlsa qisqaroq savol bilan.",
  },
  owner_allowance_spent: {
    title: "Bugungi xabarlar tugadi",
    cause: "Tarifingiz kuniga {{limit}} ta xabarga ruxsat beradi.",
    remedy:
      "Kun Tinch okeani vaqti bilan yarim tunda tugaydi (Toshkentda 12:00, qishda 13:00). Shungacha kuting yoki kattaroq tarif soʻrang.",
  },
  text_only: {
    title: "Bot faqat matnga javob beradi",
    cause: "Foydalanuvchi matnsiz xabar yubordi.",
    remedy: "Foydalanuvchidan soʻz bilan yozish soʻraldi.",
  },
  unauthenticated: {
    title: "Iltimos, kiring",
    cause: "Siz kirmagansiz yoki kirish muddati tugagan.",
    remedy: "Qaytadan kiring.",
  },
  sign_in_failed: {
    title: "Kirib boʻlmadi",
    cause: "Bu kirish bekor qilingan, juda uzoq davom etgan yoki boshqa brauzerda boshlangan.",
    remedy: "Qaytadan kiring.",
  },
  sign_in_unavailable: {
    title: "Hozir kirib boʻlmaydi",
    cause: "Kirish xizmati (Keycloak) javob bermayapti.",
    remedy: "Bir daqiqadan keyin urinib koʻring. Kirganlar tizimda qoladi.",
  },
  forbidden: {
    title: "Ruxsat yoʻq",
    cause: "Rolingiz bunga ruxsat bermaydi.",
    remedy: "Bu oʻrnatma administratoriga murojaat qiling.",
  },
  not_found: {
    title: "Topilmadi",
    cause: "Bu manzilda hech narsa yoʻq.",
    remedy: "Manzilni tekshiring yoki “Mening botlarim”dan boshlang.",
  },
  csrf_invalid: {
    title: "Sahifa eskirgan",
    cause: "Soʻrov bu konsolning joriy sahifasidan kelmadi.",
    remedy: "Sahifani yangilang va yana urinib koʻring.",
  },
  body_invalid: {
    title: "Soʻrovni oʻqib boʻlmadi",
    cause: "Uning matni kutilgan koʻrinishdagi JSON emas.",
    remedy: "Matnni tuzating; u /api/v1/openapi.json da tasvirlangan.",
  },
  body_too_large: {
    title: "Soʻrov juda katta",
    cause: "Soʻrov koʻpi bilan {{limit}} bayt boʻlishi mumkin.",
    remedy: "Bir martada kamroq yuboring.",
  },
  media_type_unsupported: {
    title: "Soʻrov JSON emas",
    cause: "Bu yerda faqat Content-Type: application/json oʻqiladi.",
    remedy: "JSON yuboring va Content-Type da koʻrsating.",
  },
  method_not_allowed: {
    title: "Bu manzil bunday ishlamaydi",
    cause: "Manzil toʻgʻri, lekin bu usul uchun emas.",
    remedy: "Manzilning usullari Allow sarlavhasida va /api/v1/openapi.json da.",
  },
  rate_limited: {
    title: "Soʻrovlar juda koʻp",
    cause: "Qisqa vaqtda juda koʻp soʻrov boʻldi.",
    remedy: "Bir daqiqa kuting va yana urinib koʻring.",
  },
  unavailable: {
    title: "Hozir ishlamayapti",
    cause: "BotFactory ning bir qismi javob bermayapti.",
    remedy: "Hech narsa yoʻqolmadi. Bir daqiqadan keyin yana urinib koʻring.",
  },
  log_damaged: {
    title: "Tarixning bir qismi buzilgan",
    cause: "Saqlangan maʼlumot yozilganiga mos kelmayapti, shuning uchun uning ustida hech narsa qilinmaydi.",
    remedy: "Operatorga vaqtni ayting: tarix tiklangach, ish davom etadi.",
  },
  outcome_unknown: {
    title: "Bunga javob berilgan-berilmagani nomaʼlum",
    cause:
      "Tarix zaxira nusxasidan tiklandi, javob esa nusxa olingandan keyin yuborilgan boʻlishi mumkin. U ikki marta yuborilmaydi.",
    remedy: "Chat jim boʻlsa, odamga oʻzingiz yozing yoki qayta yozishini soʻrang.",
  },
  internal: {
    title: "Bizda xatolik yuz berdi",
    cause: "Kutilmagan xato yuz berdi va yozib olindi.",
    remedy: "Yana urinib koʻring. Takrorlansa, operatorga vaqtni va nima qilganingizni ayting.",
  },
};
