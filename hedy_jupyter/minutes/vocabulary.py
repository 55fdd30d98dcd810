"""Words of headings in minutes, by language: what announces decisions, open questions, action items, and the rest.

A noun of a list is the whole heading, but for what ``BEFORE`` may be in front of it and ``AFTER`` behind it: "Key
decisions made". So "Open decisions", "Decision-making process" or "Undecided" announce nothing. Alternatives are
separated by ``|``; case and accents do not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

DECISIONS: Mapping[str, str] = MappingProxyType(
    {
        "en": "decision|decisions|resolutions|agreements|agreed|decided|what was decided|what we decided"
        "|agreed decisions|decisions and agreements|summary of decisions|list of decisions|decision log"
        "|decision record",
        "de": "entscheidung|entscheidungen|beschluss|beschlüsse|beschlossen|beschlossenes|entschieden|festlegungen"
        "|vereinbarungen|was wurde beschlossen|was wurde entschieden|was beschlossen wurde|was entschieden wurde"
        "|kernentscheidungen|hauptentscheidungen|schlüsselentscheidungen",
        "fr": "décision|décisions|résolutions|relevé de décisions|relevé des décisions|ce qui a été décidé",
        "es": "decisión|decisiones|acuerdo|acuerdos|resoluciones|lo que se decidió",
        "pt": "decisão|decisões|deliberação|deliberações|resoluções|o que foi decidido",
        "it": "decisione|decisioni|delibera|delibere|deliberazioni|risoluzioni|cosa è stato deciso",
        "nl": "besluit|besluiten|beslissing|beslissingen|kernbesluiten|kernbeslissingen|besluitenlijst",
        "pl": "decyzja|decyzje|ustalenia|postanowienia|uchwała|uchwały|co ustalono|co postanowiono",
        "ru": "решение|решения|решили|постановили|принято решение|договорённости|что решили",
        "uk": "рішення|ухвала|ухвали|вирішили|ухвалили|домовленості|що вирішили",
        "bg": "решение|решения",
        "cs": "rozhodnutí|usnesení|co bylo rozhodnuto",
        "sk": "rozhodnutie|rozhodnutia|uznesenie|uznesenia",
        "sl hr sr": "odločitev|odločitve|sklepi|odluka|odluke|одлука|одлуке",
        "sv": "beslut|besluten|nyckelbeslut|vad som beslutades",
        "da": "beslutning|beslutninger|nøglebeslutninger|hovedbeslutninger|hvad blev besluttet",
        "no": "beslutninger|vedtak|avgjørelse|avgjørelser|nøkkelbeslutninger|hva ble besluttet",
        "fi": "päätös|päätökset|keskeiset päätökset|mitä päätettiin",
        "et lv lt": "otsus|otsused|lēmums|lēmumi|sprendimas|sprendimai|nutarimai",
        "hu": "döntés|döntések|határozat|határozatok|kulcsdöntések",
        "ro": "decizie|decizii|deciziile|hotărâre|hotărâri",
        "el": "απόφαση|αποφάσεις",
        "ca": "decisió|decisions|acords|resolucions",
        "tr": "karar|kararlar|alınan karar|alınan kararlar",
        "ar": "قرار|قرارات|القرار|القرارات|ما تقرر|ما تم الاتفاق عليه",
        "fa": "تصمیم|تصمیمات|تصمیم ها|تصمیم‌ها|مصوبات",
        "he": "החלטה|החלטות|ההחלטות|מה הוחלט|סיכום החלטות",
        "hi": "निर्णय|निर्णयों|फैसला|फैसले|फ़ैसले|लिए गए निर्णय|लिए गए फैसले",
        "id ms": "keputusan|hasil keputusan",
        "vi": "quyết định|các quyết định|quyết nghị",
        "th": "การตัดสินใจ|มติ|มติที่ประชุม|ข้อตกลง",
        "ja": "決定|決定事項|決議|決議事項|合意事項|決まったこと|決定したこと|決定内容",
        "zh": "决定|决定事项|决议|决议事项|决策|决策事项|决定内容|达成的决定|决策要点"
        "|達成的決定|決策|決策事項|決定內容|決策要點",
        "ko": "결정|결정 사항|결정된 사항|결정 내용|의결 사항|합의 사항|결의 사항",
    }
)

QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "en": "open question|open questions|open issues|open points|open items|unresolved questions|unresolved issues"
        "|outstanding questions|outstanding issues|questions to resolve|unanswered questions|questions left open",
        "de": "offene frage|offene fragen|offene punkte|offene themen|ungeklärte fragen|ungeklärte punkte|ungeklärt"
        "|noch offen|was ist offen",
        "fr": "question ouverte|questions ouvertes|questions en suspens|points ouverts|points en suspens"
        "|questions non résolues|questions à résoudre",
        "es": "pregunta abierta|preguntas abiertas|cuestiones abiertas|preguntas pendientes|cuestiones pendientes"
        "|temas pendientes|puntos abiertos|asuntos pendientes",
        "pt": "questão em aberto|questões em aberto|perguntas em aberto|questões abertas|perguntas abertas"
        "|pontos em aberto|questões pendentes|pontos pendentes",
        "it": "domanda aperta|domande aperte|questioni aperte|punti aperti|questioni in sospeso|punti in sospeso",
        "nl": "open vraag|open vragen|openstaande vragen|open punten|openstaande punten|onbeantwoorde vragen",
        "pl": "otwarte pytania|pytania otwarte|otwarte kwestie|kwestie otwarte|kwestie nierozstrzygnięte"
        "|nierozwiązane kwestie",
        "ru": "открытые вопросы|нерешённые вопросы|открытый вопрос|вопросы без ответа",
        "uk": "відкриті питання|невирішені питання|відкрите питання",
        "cs": "otevřené otázky|otevřené body|nevyřešené otázky|nedořešené otázky",
        "sv": "öppna frågor|öppen fråga|olösta frågor|utestående frågor|öppna punkter",
        "da": "åbne spørgsmål|uafklarede spørgsmål|åbne punkter|udestående spørgsmål",
        "no": "åpne spørsmål|uavklarte spørsmål|åpne punkter|utestående spørsmål",
        "fi": "avoimet kysymykset|avoin kysymys|avoimet asiat|ratkaisemattomat kysymykset",
        "hu": "nyitott kérdések|nyitott kérdés",
        "ro": "întrebări deschise|chestiuni deschise|probleme deschise",
        "el": "ανοιχτά ερωτήματα|ανοιχτές ερωτήσεις|ανοιχτά ζητήματα|εκκρεμή ζητήματα",
        "tr": "açık sorular|açık soru|açık konular|çözülmemiş sorular|açık kalan sorular",
        "ar": "أسئلة مفتوحة|الأسئلة المفتوحة|قضايا مفتوحة|القضايا المفتوحة|أسئلة معلقة|مسائل معلقة",
        "fa": "سؤالات باز|سوالات باز|پرسش‌های باز",
        "he": "שאלות פתוחות|נושאים פתוחים|נקודות פתוחות",
        "hi": "खुले प्रश्न|अनुत्तरित प्रश्न|लंबित प्रश्न|खुले सवाल|लंबित मुद्दे",
        "id ms": "pertanyaan terbuka|isu terbuka|masalah terbuka|soalan terbuka",
        "vi": "câu hỏi mở|vấn đề mở|câu hỏi còn mở|vấn đề còn tồn đọng",
        "th": "คำถามที่ยังเปิดอยู่|คำถามค้าง|ประเด็นค้าง|คำถามที่ยังไม่มีคำตอบ",
        "ja": "未解決の質問|未解決事項|未決事項|未解決の課題|オープンな質問|残課題|検討事項|未確定事項",
        "zh": "未决问题|待解决问题|待解决的问题|开放问题|开放性问题|待定事项|未解决问题|未解决的问题|悬而未决的问题"
        "|未決問題|待解決問題|待解決的問題|開放問題|待定事項|未解決問題|未解決的問題",
        "ko": "미해결 질문|미해결 사항|미해결 과제|열린 질문|미결 사항|미결정 사항",
    }
)

ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "en": "action|actions|action item|action items|action point|action points|next step|next steps|to do|to dos"
        "|to do list|todo|todos|todo list|to-do|to-dos|to-do list|tasks|follow up|follow ups|follow-up|follow-ups"
        "|follow-up items|follow up items|actions to take|assignments|who does what",
        "de": "aufgabe|aufgaben|maßnahme|maßnahmen|nächster schritt|nächste schritte|to-dos|todos|to dos"
        "|arbeitsaufträge"
        "|aktionspunkte|offene aufgaben|wer macht was",
        "fr": "action|actions|actions à mener|actions à entreprendre|prochaine étape|prochaines étapes|tâches|à faire"
        "|points d'action|plan d'action|étapes suivantes",
        "es": "acción|acciones|acciones a tomar|acciones pendientes|próximo paso|próximos pasos"
        "|siguientes pasos|tareas"
        "|puntos de acción|elementos de acción|plan de acción",
        "pt": "ação|ações|ações a tomar|itens de ação|próximo passo|próximos passos|tarefas|pontos de ação"
        "|plano de ação|encaminhamentos",
        "it": "azione|azioni|azioni da intraprendere|prossimo passo|prossimi passi|attività|compiti|cose da fare"
        "|punti d'azione|piano d'azione",
        "nl": "actie|acties|actiepunt|actiepunten|volgende stap|volgende stappen|taken|actielijst|vervolgstappen",
        "pl": "zadanie|zadania|działania|następne kroki|kolejne kroki|do zrobienia|punkty działania|lista zadań",
        "ru": "задача|задачи|действия|следующие шаги|дальнейшие шаги|поручения|план действий|к выполнению",
        "uk": "завдання|дії|наступні кроки|подальші кроки|доручення|план дій",
        "bg": "задачи|действия|следващи стъпки",
        "cs": "úkol|úkoly|akční body|další kroky|následující kroky|akční kroky",
        "sk": "úloha|úlohy|ďalšie kroky|nasledujúce kroky|akčné body",
        "sl hr sr": "naloge|naslednji koraki|zadaci|zadatci|sljedeći koraci|sledeći koraci|задаци",
        "sv": "åtgärd|åtgärder|åtgärdspunkter|nästa steg|uppgifter|att göra|handlingspunkter",
        "da": "handling|handlinger|handlingspunkter|næste skridt|næste trin|opgaver|aktionspunkter",
        "no": "tiltak|handlingspunkter|aksjonspunkter|neste steg|neste skritt|oppgaver",
        "fi": "toimenpide|toimenpiteet|seuraavat askeleet|seuraavat vaiheet|tehtävät|toimet|jatkotoimenpiteet",
        "et lv lt": "tegevused|järgmised sammud|ülesanded|uzdevumi|nākamie soļi|užduotys|tolesni veiksmai|veiksmai",
        "hu": "teendő|teendők|feladatok|következő lépések|akciópontok",
        "ro": "acțiuni|acţiuni|pașii următori|următorii pași|sarcini|puncte de acțiune",
        "el": "ενέργειες|επόμενα βήματα|εργασίες|δράσεις",
        "ca": "acció|accions|propers passos|passos següents|tasques",
        "tr": "aksiyon|aksiyonlar|aksiyon maddeleri|eylem|eylemler|eylem maddeleri|sonraki adımlar|görevler"
        "|yapılacaklar",
        "ar": "إجراء|إجراءات|الإجراءات|بنود العمل|الخطوات التالية|الخطوات القادمة|المهام|مهام|إجراءات المتابعة"
        "|عناصر الإجراءات",
        "fa": "اقدامات|گام‌های بعدی|وظایف|اقدام‌ها",
        "he": "משימה|משימות|פעולות|צעדים הבאים|הצעדים הבאים|פריטי פעולה|לביצוע",
        "hi": "कार्य|कार्रवाई|कार्य बिंदु|कार्रवाई बिंदु|कार्य सूची|अगले कदम|कार्रवाई के बिंदु|कार्य आइटम",
        "id ms": "tindakan|item tindakan|langkah selanjutnya|langkah berikutnya|langkah seterusnya|tugas|tindak lanjut",
        "vi": "hành động|việc cần làm|các bước tiếp theo|bước tiếp theo|công việc|nhiệm vụ",
        "th": "สิ่งที่ต้องทำ|งานที่ต้องทำ|ขั้นตอนถัดไป|ขั้นตอนต่อไป|รายการดำเนินการ|งานที่มอบหมาย",
        "ja": "アクション|アクション項目|アクションアイテム|次のステップ|今後の対応|タスク|宿題|宿題事項|対応事項|ToDo"
        "|実施事項|ネクストアクション|ネクストステップ",
        "zh": "行动|行动项|行动项目|行动事项|待办|待办事项|下一步|下一步行动|下一步计划|后续步骤|后续行动|任务"
        "|行動|行動項|行動項目|行動事項|待辦|待辦事項|下一步行動|下一步計劃|後續步驟|後續行動|任務",
        "ko": "액션|액션 아이템|실행 항목|조치 사항|다음 단계|할 일|향후 조치|후속 조치|과제|실행 과제",
    }
)

OTHERS = (
    "discussion|discussions|discussed|topics discussed|summary|notes|attendees|participants|present|agenda|background"
    "|context|risks|rationale|reasons|reasoning|overview|recap|topics|next meeting|timeline|highlights|introduction"
    "|besprochen|diskussion|zusammenfassung|teilnehmer|teilnehmende|tagesordnung|hintergrund|notizen|risiken|themen"
    "|begründung|nächstes treffen|discussions|résumé|participants|ordre du jour|contexte|risques|notes"
    "|prochaine réunion"
    "|discusión|resumen|asistentes|participantes|orden del día|contexto|riesgos|notas|próxima reunión"
    "|discussão|resumo"
    "|pauta|riscos|discussione|riepilogo|partecipanti|ordine del giorno|note|rischi|discussie|bespreking|samenvatting"
    "|deelnemers|aanwezigen|notities|dyskusja|podsumowanie|uczestnicy|notatki|обсуждение|итоги|участники"
    "|повестка|заметки"
    "|обговорення|підсумок|учасники|нотатки|diskuse|shrnutí|účastníci|diskussion|sammanfattning|deltagare|deltagere"
    "|referat|sammendrag|diskusjon|keskustelu|yhteenveto|osallistujat|tartışma|özet|katılımcılar|gündem"
    "|المناقشة|مناقشة"
    "|الملخص|ملخص|الحضور|دיון|דיון|סיכום|משתתפים|चर्चा|सारांश|प्रतिभागी|議論|討議|要約|概要|参加者|出席者|議題|背景"
    "|讨论|摘要|总结|与会者|参会人员|议程|背景|討論|總結|與會者|議程|논의|논의 사항|요약|참석자|안건|배경"
)

PARTNERS = (
    "outcomes|outcome|takeaways|results|conclusions|conclusion|agreements|rationale|reasons|reasoning"
    "|ergebnisse|begründung"
    "|résultats|conclusions|conclusiones|resultados|conclusões|conclusioni|conclusies|wnioski|выводы|итоги|результаты"
    "|висновки|závěry|slutsatser|konklusioner|johtopäätökset|sonuçlar|النتائج|מסקנות|निष्कर्ष|結論|结论|결론"
)
"""What a heading may join with one of these, "Decisions and outcomes": it then announces the same."""

BEFORE = (
    "key|main|major|important|final|formal|agreed|all|our|the|team|meeting|today's|most important|made|new|adopted"
    "|strategic|technical|business|product|design|budget|project|management|board|architecture|architectural"
    "|financial"
    "|hiring|operational|organizational|general|additional|other|confirmed|approved|strategische|technische|weitere"
    "|wichtig|wichtige|wichtigste|die wichtigsten|die|zentrale|getroffene|gefällte|gefasste|unsere|finale"
    "|principales|les principales|les|principale|le|la|nos|las|las principales|los|los principales|principais|as"
    "|as principais|le principali|principali|de|het|belangrijke|belangrijkste|de belangrijkste|genomen"
    "|kluczowe|najważniejsze|główne|ważne|podjęte|przyjęte|ключевые|основные|главные|важные|принятые|ключові|основні"
    "|важливі|головні|ухвалені|прийняті|взети|klíčová|hlavní|důležitá|přijatá|učiněná|klíčové|kľúčové|hlavné|prijaté"
    "|dôležité|ključne|glavne|važne|donesene|sprejete|кључне|viktiga|viktigaste|fattade|centrala|vigtige|vigtigste"
    "|trufne|centrale|tatte|viktige|viktigste|keskeiset|tärkeimmät|tehdyt|tärkeät|olulised|peamised|galvenie|svarīgi"
    "|pagrindiniai|svarbūs|fontos|legfontosabb|meghozott|a|principalele|importante|βασικές|κύριες|σημαντικές|οι"
    "|principals|önemli|temel|ana|kilit|alınan|başlıca|أهم|אחרונות|मुख्य|प्रमुख|महत्वपूर्ण|các|những|主な|主要な|重要な"
    "|主要|重要|关键|關鍵|核心|会议|會議|本次|本次会议|本次會議|最终|最終|주요|핵심|중요|중요한|최종|회의|未完了の"
)

AFTER = (
    "made|taken|reached|adopted|agreed|today|by the team|summary|overview|list|log|of the meeting|from the meeting"
    "|in this meeting|from this meeting|in the meeting|of today|made today|we made|made in this meeting"
    "|made during the meeting|during the meeting|by topic"
    "|getroffen|des treffens|der sitzung|des meetings|im überblick|prises|clés|clé|principales|importantes"
    "|de la réunion"
    "|adoptées|actées|tomadas|clave|adoptadas|de la reunión|alcanzados|tomados|principais|chave|da reunião|prese|chiave"
    "|principali|importanti|della riunione|genomen|van de vergadering|spotkania|podjęte|встречи|совещания|зустрічі"
    "|наради|schůzky|porady|från mötet|fra mødet|fra møtet|cheie|luate|importante|clau|preses|πρώτης"
    "|الرئيسية|المتخذة|الهامة|المهمة|الاجتماع|رئيسية|کلیدی|مهم|اصلی|מרכזיות|עיקריות|חשובות|שהתקבלו|הפגישה|बिंदु"
    "|utama|penting|kunci|yang diambil|rapat|chính|quan trọng|đã đưa ra|ที่สำคัญ|สำคัญ|หลัก|一覧|まとめ|汇总|總結|总结|清单"
    "|清單|요약|목록"
)

NEGATIONS = (
    "no|none|nothing|not|nil|pending|n/a|na|n.a|without|tbd|tba|keine|keiner|keines|kein|nichts|entfällt|aucun|aucune"
    "|rien|néant|pas"
    "|ninguna|ninguno|ningún|nada|sin|nenhuma|nenhum|não|non|nessuna|nessuno|nessun|niente|geen|niets|brak"
    "|żadne|nie|żadnych"
    "|нет|не|ничего|никаких|отсутствуют|немає|нічого|жодних|відсутні|няма|žádné|žádná|nebyla|nic|žiadne"
    "|žiadny|ni|nema"
    "|nikakvih|inga|inget|ingen|ingenting|ikke|intet|ei|eivät|mitään|pole|nav|nėra|nincs|nincsenek|nem|semmi|niciuna"
    "|nicio|niciun|καμία|κανένα|δεν|cap|yok|hiçbir|hiçbiri|yoktur|لا|لم|بدون|هیچ|نداشت|אין|לא|शून्य|कोई|नहीं"
    "|tidak|tiada"
    "|belum|không|ไม่มี|alınmadı|alınmamıştır|bulunmuyor|bulunmamaktadır|-"
)

INFLECTED = (
    "решений|вопросов|задач|принималось|рішень|питань|завдань|ухвалено|ухвалювалося|decyzji|pytań|zadań"
    "|rozhodnutí|otázky"
    "|päätöksiä|kysymyksiä|tehtäviä|karara|soru|görev|kararı|قرارات|أسئلة|निर्णय|फैसला|beschlüsse|fragen"
    "|aufgaben|beslut"
    "|beslutninger|spørsmål|spørgsmål|frågor|question|questions|décision|decisión|pregunta|preguntas|tarea|tareas"
    "|pergunta|perguntas|tarefa|tarefas|domanda|domande|compito|vraag|vragen|taak|taken|task|issue|issues"
)
"""What there is none of, as it is written behind such words."""

FILLERS = (
    "so|far|time|captured|transcript|were|was|are|call|discussion|conversation|besprechung|hubo|hay|ci|podjęto"
    "|zapadły|der|det|noen|herhangi"
    "|bir|bu|toplantıda|is|been|have|has|there|any|yet|made|taken|reached|recorded|noted|identified|documented"
    "|agreed|decided"
    "|explicit|explicitly|formal|formally|specific|key|new|concrete|clear|final|in|at|during|this|the|meeting|session"
    "|applicable|available|found|mentioned|on|to|be|of|today|s"
    "|wurden|wurde|es|gab|getroffen|gefasst|beschlossen|entschieden|formellen|konkreten|in|diesem|dieser"
    "|meeting|treffen"
    "|sitzung|festgehalten|n'a|n'ont|n|a|ont|été|prise|prises|pris|cette|réunion|lors|de|la|formelle|se|tomó|tomaron"
    "|tomaron|esta|reunión|en|han|tomado|foi|foram|tomada|tomadas|não|nesta|reunião|è|stata|state|sono|presa"
    "|prese|questa"
    "|riunione|zijn|er|werden|genomen|deze|vergadering|podjęto|było|podjętych|spotkaniu|na|принято"
    "|принимались|были|было"
    "|на|встрече|прийнято|приймалися|було|зустрічі|přijata|přijato|učiněna|byla|nebylo|se|na|schůzce|prijaté"
    "|neboli|bolo"
    "|fattades|togs|på|mötet|blev|truffet|taget|mødet|ble|tatt|fattet|møtet|tehty|kokouksessa|ole|születtek"
    "|született|nu"
    "|s-au|luat|nu|sau|ελήφθησαν|ελήφθη|alınmadı|alınmamıştır|bulunmuyor|var|توجد|يوجد|اتخاذ|أي|يتم|تم|گرفته"
    "|نشد|התקבלו"
    "|היו|הוחלט|हुआ|हुए|लिया|लिए|गया|गए|था|थे|है|हैं|ada|diambil|dibuat|có|nào|được"
)

NOTHING_UNSPACED = (
    r"(?:今回は|今回の会議では)?(?:特に|とくに)?(?:決定事項|決定|該当|合意事項|決議|項目|未解決事項|アクション項目|アクション)?は?(?:特に)?"
    r"(?:なし|ない|無し|ありません|ありませんでした|ございません|なかった|されませんでした)(?:です)?",
    r"(?:本次)?(?:会议|會議)?(?:暂|暫|尚|并|並)?(?:无|無|没有|沒有|未|未有)(?:明确|明確|任何|正式|相关|相關|具体|具體)*"
    r"(?:做出|作出|达成|達成|形成)?(?:明确|明確|任何|正式)*的?(?:决定|决议|决策|決定|決議|決策|问题|問題|行动|行動|待办|待辦)?"
    r"(?:事项|事項|项目|項目|项|項)?",
    r"(?:특별한|주요|공식|별도)?(?:결정|합의|의결|미해결|조치|실행)?된?(?:사항|항목|내용|질문)?(?:은|는|이|가|도)?"
    r"(?:없음|없습니다|없다|없었음|없었습니다|해당없음)",
    r"ไม่มี(?:การตัดสินใจ|มติ|ข้อตกลง)?(?:ใดๆ|ใด)?",
)
"""Patterns of "none" in scripts without spaces, and in Korean, for a text without its spaces."""
