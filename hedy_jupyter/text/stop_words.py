"""Stop words: the usual function words of seven languages, and labels before a colon that are not names.

In lower case and as ``analysis.transcripts`` cuts words: an apostrophe ends one ("don't" is "don" and "t"), and a
single letter is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_STOP_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "english": """
            about after again ain all almost also always am an and any are aren as at back be because been before
            being between both but by can could couldn did didn do does doesn doing don done down each even ever every
            first for from get go going got had hadn has hasn have haven having he her here hers him his how if in
            into is isn it its just know last let like ll maybe me more most much my never no nobody nor not nothing
            now of off oh ok okay on once one only or other our out over own re really right said same say says see
            she should shouldn so some somebody something such than thank thanks that the their them then there these
            they thing things think this those through to too uh um under until up us ve very want was wasn we well
            were weren what when where which while who why will with without won would wouldn yeah yes you your
        """,
        "german": """
            aber ach alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bist da
            dabei dafür damit dann daran das dass davon dazu dein dem den denn der des die dies diese diesem diesen
            dieser dieses doch dort du durch eben ein eine einem einen einer eines einmal er es etwas euch für gar
            genau gerade gibt gut hab habe haben hast hat hatte hatten hier hm ich ihm ihn ihnen ihr ihre ihren im
            immer in ins ist ja jede jeden jeder jedes jetzt kann kannst kein keine keinen können könnte mach machen
            mal man mehr mein meine mich mir mit muss müssen na nach nein nicht nichts noch nun nur ob oder ohne okay
            schon sehr sein seine seit sich sie sind so soll sollen sollte um und uns unser unsere unter vielleicht
            vom von vor war waren warum was weil wenn wer werden wie wieder will wir wird wirklich wo wollen worden
            würde zu zum zur zwar äh ähm über
        """,
        "french": """
            ah ai alors après as au aussi autre aux avait avant avec avez avoir avons bah ben bien bon bonjour car ce
            ceci cela celle celui ces cet cette ceux chez comme comment dans de depuis des deux donc dont du elle
            elles en encore entre es est et eu euh eux faire fait faut hein ici il ils je jusqu juste la le les leur
            leurs lui là ma mais merci mes moi mon même ne ni non nos notre nous on ont ou oui où par parce pas peu
            peut plus pour pourquoi puis qu quand que quel quelle quelque quelques qui quoi sa sans se sera ses si
            soit son sont sous suis sur ta te tes toi ton toujours tous tout toute toutes trop très tu un une va vais
            voilà vont vos votre vous vraiment étaient était été être
        """,
        "spanish": """
            ah ahora al algo alguna alguno algunos antes aquí así aunque ay bien bueno cada casi como con cual cuando
            cuál cuándo cómo de del desde después donde dos día dónde el ella ellas ellos en entonces entre era eran
            eres es esa ese eso esos esta estaba estamos estar estas este esto estos estoy está están fue fueron ha
            había han has hasta hay he hemos hola la las le les lo los me mi mientras mis mucho muy más mí nada ni no
            nos nosotros nuestra nuestro nunca os otra otro para pero poco por porque puede pues que quien quién qué
            se sea según ser será si sido siempre sin sobre solo somos son soy su sus sí sólo también tampoco tan
            tanto te tener tengo ti tiene tienen todo todos tu tú un una unas uno unos usted ustedes va vale vamos ya
            yo él
        """,
        "italian": """
            ad adesso agli ai al alla alle allo allora anche ancora avere aveva bene che chi ci ciao coi col come con
            cosa così cui da dai dal dalla dalle degli dei del dell della delle dello dentro di dobbiamo dopo dove due
            dunque ecco ed era erano essere fa fare fatto forse fra già gli grazie ha hai hanno ho il in infatti io la
            le lei li lo loro lui là lì ma magari me meno mi mia mio molto ne negli nei nel nell nella nelle nello no
            noi non nostra nostro ogni oppure ora per perché però più poco poi prima proprio può qual quale quando
            quanto quella quelle quelli quello questa queste questi questo qui quindi sarà se sei sempre senza si sia
            siamo solo sono sta stato sto su sua sue sui sul sull sulla suo suoi sì tanto te ti tra tu tua tuo tutti
            tutto un una uno va vi voi
        """,
        "portuguese": """
            agora ah ai ainda algo algum alguma alguém ali antes ao aos aqui as assim até bem boa bom cada com como da
            das de dela dele deles depois desde dessa desse desta deste disso do dois dos ela elas ele eles em entre
            então era eram essa esse esta estamos estar estava este estou está estão eu faz fazer foi foram há isso
            isto já la lhe lo logo lá mais mas me mesmo meu minha muita muito na nada nas nem nessa nesse nesta neste
            ninguém no nos nossa nosso num numa nunca não nós obrigada obrigado os ou outra outro para pela pelo pelos
            pode por porque pouco pra qual quando quanto que quem se sem sempre ser será seu seus sim sobre sou sua
            suas só também tem temos tenho ter teve tinha toda todo todos tudo tão têm um uma umas uns vai vamos você
            vocês às
        """,
        "dutch": """
            aan af al alle alleen als altijd an ander andere ben bent bij binnen daar daarom dan dat de deze die dit
            doe doen door dus echt een eens eh eigenlijk elk en enkele er erg even ga gaan gaat geen goed had hadden
            heb hebben hebt heeft heel hem hen het hier hij hoe hun ieder iemand iets ik in is ja je jij jou jouw
            jullie kan kunnen kunt laat maar mag meer men met mij mijn misschien moet moeten na naar nee niet niets
            nog nou nu of ok oké om omdat onder ons onze ook op over per precies sinds te tegen terug toch toen tot
            tussen uit uw van vanaf veel voor waar waarom want waren was wat we weer wel welke werd wie wij wil willen
            worden wordt zal ze zeer zei zelf zich zij zijn zo zonder zou zouden
        """,
    }
)
_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "english": """
            a, action, action item, action items, actions, agenda, answer, attendees, background, bonus, bottom line,
            bug, caution, cc, conclusion, context, cost, date, deadline, decision, decisions, definition, disclaimer,
            discussion, done, due, duration, e.g, edit, email, error, example, fact, faq, file, follow-up, from, ftp,
            fyi, goal, goals, hint, http, https, i.e, idea, important, info, issue, key decisions, key points, link,
            location, mailto, main point, meeting, message, minutes, my point, n.b, nb, next, next step, next steps,
            note, notes, objective, ok, okay, open questions, option, outcome, overview, owner, p.s, page,
            participants, phone, place, plan, point, present, priority, problem, ps, purpose, q, question, questions,
            re, reason, recap, reminder, result, results, risk, risks, rule, solution, source, spoiler, start, status,
            step, subject, summary, tel, time, tip, title, tl;dr, tldr, to, to do, to-do, todo, todos, topic, topics,
            total, transcript, update, url, version, warning, web, monday, tuesday, wednesday, thursday, friday,
            saturday, sunday
        """,
        "german": """
            achtung, agenda, anmerkung, antwort, aufgabe, aufgaben, beginn, beispiel, bemerkung, beschluss,
            beschlüsse, betreff, datum, dauer, ende, entscheidung, entscheidungen, ergebnis, ergebnisse, fazit, frage,
            fragen, frist, grund, hinweis, idee, lösung, nachtrag, notiz, notizen, nächste schritte, ort, protokoll,
            punkt, quelle, regel, risiko, stand, teilnehmende, teilnehmer, termin, termine, thema, themen, titel,
            uhrzeit, vorschlag, wichtig, z.b, zeit, ziel, ziele, zusammenfassung, zwischenstand, montag, dienstag,
            mittwoch, donnerstag, samstag
        """,
        "french": """
            attention, bilan, but, compte rendu, conclusion, contexte, date, durée, décision, décisions, exemple,
            heure, horaire, idée, lieu, nota bene, note, objectif, objet, ordre du jour, participants, problème,
            prochaines étapes, projet, présents, question, r, raison, rappel, remarque, risque, réponse, résultat,
            résumé, solution, sujet, thème, titre, à faire
        """,
        "spanish": """
            acciones, acción, acuerdo, acuerdos, asunto, atención, aviso, conclusión, contexto, decisiones, decisión,
            duración, ejemplo, fecha, hora, idea, importante, lugar, nota, notas, objetivo, orden del día,
            participantes, pregunta, preguntas, próximos pasos, recordatorio, respuesta, respuestas, resultado,
            resumen, riesgo, solución, tarea, tareas, tema, temas, título
        """,
        "italian": """
            argomento, attenzione, azione, azioni, conclusione, contesto, data, decisione, decisioni, domanda,
            domande, durata, esempio, luogo, nota bene, note, obiettivo, oggetto, ora, ordine del giorno,
            partecipanti, problema, promemoria, prossimi passi, riassunto, riepilogo, rischio, risposta, risultato,
            scadenza, soluzione, titolo
        """,
        "portuguese": """
            assunto, atenção, ação, ações, conclusão, decisão, decisões, duração, exemplo, lembrete, local,
            observação, pauta, pergunta, perguntas, prazo, próximos passos, resposta, resumo, risco, solução, tarefa,
            tarefas
        """,
        "dutch": """
            aandacht, actiepunt, actiepunten, acties, antwoord, belangrijk, besluit, besluiten, conclusie, deelnemers,
            doel, duur, herinnering, let op, locatie, onderwerp, oplossing, opmerking, plaats, probleem, resultaat,
            samenvatting, taak, taken, tijd, tip, vervolgstappen, voorbeeld, voorstel, vraag, vragen
        """,
        "chinese": """
            下一步, 主題, 主题, 來源, 例如, 備註, 决定, 决议事项, 原因, 参会人, 問題, 回答, 地点, 地點, 备注, 建議,
            建议, 待办, 待辦, 总结, 提示, 摘要, 日期, 时间, 時間, 来源, 比如, 決定, 決議事項, 注, 注意, 目标, 目標,
            答, 答案, 結果, 結論, 總結, 结果, 结论, 與會者, 行动项目, 行動項目, 議題, 议题, 連結, 重点, 重點, 链接,
            问, 问题
        """,
        "japanese": """
            たとえば, まとめ, 件名, 例, 例えば, 備考, 出席者, 参加者, 場所, 宿題, 担当, 提案, 日付, 日時, 期限, 次回,
            決定事項, 理由, 目的, 結果, 補足, 要約, 課題, 質問, 重要
        """,
    }
)

# Function words that people are called, too. Those of the second text may stand before a colon in a sentence of their
# language: "Dan: …" is Dutch for "then: …"; those of the first hardly do: no sentence begins "will: …" or "mia: …".
_NAMES = """
    ad ai al ali alla allen ander ao are bent bin can cela che ci col cui dai de del della di do doe don du ed ela
    ella elle elles era esa essa este fa faz fra ga go ha hai han has haven hay he hen ho hun il im io kan la le lei
    les li lo lui ma mach mag man mi mia mich mio mir mon my nas nel nell nella nelle nello nessa nesta noi numa ons
    own qu sa said say sei ser sera sia son sono soy sue sui ta tan te ti toda ton tu tua uma un una une vai vi vos
    wil will won yo zou
"""
_NAMES_AND_BEGINNINGS = """
    an bei ben bene bien chi con da dan dove eben em en even ever hein in just mais mal mas more na nada ni nor nu nur
    om or ora ou para per pero prima see sem si sim sin solo su tra uno vale van von ya zo zu
"""
_ARTICLES = "de del della di do du el il la le les lo ma mi mia mio mon my son sua ta ton tu tua uma un una une"
# Who speaks where no name is known. "me" and "you" are such labels only beside another one.
_ROLES = """
    agent animateur animatrice apresentador assistant attendee audience caller chair chairman chairperson chairwoman
    client co-host cohost conduttore convidado customer deelnemer doctor entrevistado entrevistador entrevistadora
    facilitator falante gast gastheer gespreksleider guest hablante host interlocuteur interviewee interviewer
    intervenant intervenante intervistatore invitado invité invitée kunde kundin locuteur locutrice moderador
    moderadora moderator moderatore moderatorin narrator operator orador oradora ospite panelist participant
    participante partecipante patient ponente presenter relatore speaker spk spreker sprecher sprecherin student
    teacher teilnehmer teilnehmerin therapist unbekannt unidentified unknown user ведущий гость спикер участник 主持人
    嘉宾 嘉賓 发言人 發言人 司会 話者 说话人 說話人 화자 진행자 참석자
"""
_PRONOUNS = """
    du eu eux eles ellos er ich ihr ik io je jij jullie loro me moi nous noi nós sie them they toi tu tú u us usted
    ustedes vocês você voi vous we wij wir yo you zij
"""

STOP_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {language: frozenset(words.split()) for language, words in _STOP_WORDS.items()}
)
FUNCTION_WORDS: frozenset[str] = frozenset().union(*STOP_WORDS.values())
"""The function words of all languages."""
# What may stand before a colon at the beginning of a line and is nobody's name.
LABELS: frozenset[str] = frozenset(
    " ".join(label.split()) for labels in _LABELS.values() for label in labels.split(",")
)
# Function words that people are called, those of them that may begin a sentence before a colon, and those that may do
# so before a noun.
NAMES = frozenset(f"{_NAMES} {_NAMES_AND_BEGINNINGS}".split())
BEGINNINGS = frozenset(_NAMES_AND_BEGINNINGS.split())
ARTICLES = BEGINNINGS | frozenset(_ARTICLES.split())
ROLES = frozenset(_ROLES.split())
PRONOUNS = frozenset(_PRONOUNS.split())
