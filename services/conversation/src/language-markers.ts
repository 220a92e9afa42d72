import { Language } from "@botfactory/proto/events/v1/account";

const words = (list: string) => new Set(list.split(/\s+/));

/** Short frequent words; one that is frequent in two of the languages is in neither list. */
export const FREQUENT_WORDS: ReadonlyMap<Language, ReadonlySet<string>> = new Map([
  [
    Language.UZ,
    words(
      "salom assalom assalomu alaykum vaalaykum rahmat raxmat ha yo'q yoq men sen siz biz bu nima nimaga qanday qanaqa qalay qayerda qayer qachon kim nega nechi " +
        "uchun bilan va yoki bor kerak kere mumkin xop hop xo'p mayli yaxshi yaxshimisiz iltimos qilish qilib qiling qil narxi narx qancha necha menga sizga " +
        "sizlarda xayr bugun ertaga kecha endi juda ham emas edi bo'ladi boladi gap aka opa haqida ayting bering ber ayt tushunmadim zo'r zor so'm ishlaydi " +
        "qayta yana faqat lekin agar keyin hozir bormi mi nechta pul yordam yozing ol",
    ),
  ],
  [
    Language.UZ_CYRL,
    words(
      "салом ассалом ассалому алайкум рахмат раҳмат ҳа йўқ йук мен сен сиз биз бу нима нимага қандай кандай қалай қаерда каерда қачон качон нега учун билан ва бор " +
        "керак мумкин хоп хўп майли яхши яхшимисиз илтимос қилиш қилиб нархи қанча канча нечта менга сизга хайр бугун эртага кеча энди жуда ҳам эмас эди гап " +
        "бўлади булади ҳақида айтинг беринг ёрдам керакми борми яна фақат лекин агар ҳозир пул сўм",
    ),
  ],
  [
    Language.RU,
    words(
      "привет здравствуйте здравствуй спасибо да нет и в на не что как где когда кто почему зачем это я ты вы мы он она они с по за у к о от до из мне тебе вам нам " +
        "можно нужно надо хочу есть пожалуйста хорошо ладно пока сколько какой какая какие для меня был была цена стоит добрый день вечер утро доброе если или но же " +
        "бы так уже еще ещё очень там тут здесь куда помоги помогите скажи скажите понятно понял ок давай может",
    ),
  ],
  [
    Language.EN,
    words(
      "hi hello hey thanks thank thx please yes no the a an is are am was were what how where when who why which i you he she it we they my your me do does did can " +
        "could would should to of in for and or not good morning evening bye with this that these there here help need want have has about tell much many price " +
        "it's i'm don't what's works",
    ),
  ],
]);
