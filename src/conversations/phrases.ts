/** What the product itself says to visitors, in the languages it knows. The business's own words are settings. */
import type { Language } from "../language.ts";

interface Phrases {
  readonly unknown: string;
  readonly handoverAsked: string;
  readonly returned: string;
  readonly failed: string;
  readonly found: string;
  readonly hello: string;
  readonly thanks: string;
}

const phrases: Record<Language, Phrases> = {
  en: {
    unknown:
      "I don't know: I could not find this in our documents. I have put your question on the list of a person, who will answer you here. Leave your e-mail address so that we can reach you, or choose to go on with me, and ask something else.",
    handoverAsked:
      "A person will answer you here. If nobody is there right now, leave your e-mail address and we will write to you.",
    returned: "I am back. What else would you like to know?",
    failed:
      "I could not finish my answer because of a fault on our side. I have put your question on the list of a person.",
    found: "I found this in our documents:",
    hello: "Hello. What would you like to know?",
    thanks: "You are welcome. Is there anything else you would like to know?",
  },
  de: {
    unknown:
      "Das weiß ich nicht: In unseren Unterlagen habe ich dazu nichts gefunden. Ihre Frage steht auf der Liste eines Menschen, der Ihnen hier antworten wird. Hinterlassen Sie Ihre E-Mail-Adresse, damit wir Sie erreichen, oder wählen Sie, mit mir weiterzumachen, und fragen Sie etwas anderes.",
    handoverAsked:
      "Ein Mensch wird Ihnen hier antworten. Ist gerade niemand da, hinterlassen Sie Ihre E-Mail-Adresse, dann schreiben wir Ihnen.",
    returned: "Ich bin wieder da. Was möchten Sie noch wissen?",
    failed:
      "Wegen eines Fehlers bei uns konnte ich nicht zu Ende antworten. Ihre Frage steht auf der Liste eines Menschen.",
    found: "Das steht in unseren Unterlagen:",
    hello: "Guten Tag. Was möchten Sie wissen?",
    thanks: "Gern geschehen. Möchten Sie noch etwas wissen?",
  },
  es: {
    unknown:
      "No lo sé: no lo he encontrado en nuestros documentos. He puesto su pregunta en la lista de una persona, que le responderá aquí. Deje su correo electrónico para que podamos contactarle, o elija seguir conmigo y pregunte otra cosa.",
    handoverAsked:
      "Una persona le responderá aquí. Si ahora no hay nadie, deje su correo electrónico y le escribiremos.",
    returned: "Aquí estoy de nuevo. ¿Qué más desea saber?",
    failed:
      "No he podido terminar mi respuesta por un fallo nuestro. Su pregunta está en la lista de una persona.",
    found: "Esto es lo que dicen nuestros documentos:",
    hello: "Hola. ¿Qué desea saber?",
    thanks: "De nada. ¿Desea saber algo más?",
  },
  fr: {
    unknown:
      "Je ne sais pas : je ne l'ai pas trouvé dans nos documents. J'ai mis votre question sur la liste d'une personne, qui vous répondra ici. Laissez votre adresse e-mail pour que nous puissions vous joindre, ou choisissez de continuer avec moi et posez une autre question.",
    handoverAsked:
      "Une personne va vous répondre ici. Si personne n'est disponible, laissez votre adresse e-mail et nous vous écrirons.",
    returned: "Me revoici. Que souhaitez-vous savoir d'autre ?",
    failed:
      "Je n'ai pas pu terminer ma réponse à cause d'une panne chez nous. Votre question est sur la liste d'une personne.",
    found: "Voici ce que disent nos documents :",
    hello: "Bonjour. Que souhaitez-vous savoir ?",
    thanks: "Avec plaisir. Souhaitez-vous savoir autre chose ?",
  },
  hr: {
    unknown:
      "Ne znam: to nisam našao u našim dokumentima. Vaše je pitanje na popisu osobe koja će vam ovdje odgovoriti. Ostavite adresu e-pošte da vas možemo dobiti, ili odaberite nastavak sa mnom i pitajte nešto drugo.",
    handoverAsked:
      "Ovdje će vam odgovoriti osoba. Ako sada nema nikoga, ostavite adresu e-pošte i pisat ćemo vam.",
    returned: "Opet sam tu. Što još želite znati?",
    failed:
      "Zbog greške na našoj strani nisam mogao dovršiti odgovor. Vaše je pitanje na popisu jedne osobe.",
    found: "Ovo piše u našim dokumentima:",
    hello: "Dobar dan. Što želite znati?",
    thanks: "Nema na čemu. Želite li još nešto znati?",
  },
  ru: {
    unknown:
      "Я не знаю: в наших документах этого нет. Ваш вопрос в списке сотрудника, который ответит вам здесь. Оставьте адрес электронной почты, чтобы мы могли с вами связаться, или выберите продолжение со мной и спросите что-нибудь другое.",
    handoverAsked:
      "Вам ответит сотрудник. Если сейчас никого нет, оставьте адрес электронной почты, и мы вам напишем.",
    returned: "Я снова здесь. Что ещё вы хотите узнать?",
    failed: "Из-за сбоя на нашей стороне я не смог закончить ответ. Ваш вопрос передан сотруднику.",
    found: "Вот что сказано в наших документах:",
    hello: "Здравствуйте. Что вы хотите узнать?",
    thanks: "Пожалуйста. Хотите узнать что-нибудь ещё?",
  },
  zh: {
    unknown:
      "我不知道：在我们的资料里没有找到。您的问题已转交人工客服，将在这里回答您。请留下电子邮箱以便联系，或者选择继续使用助手，再问我其他问题。",
    handoverAsked: "人工客服将在这里回答您。如果现在没有人在线，请留下电子邮箱，我们会给您写信。",
    returned: "我回来了。您还想了解什么？",
    failed: "由于我们的故障，我没能完成回答。您的问题已经转交给人工。",
    found: "我们的资料里是这样写的：",
    hello: "您好。您想了解什么？",
    thanks: "不客气。您还想了解什么吗？",
  },
};

export function phrase(language: Language, name: keyof Phrases): string {
  return phrases[language][name];
}
