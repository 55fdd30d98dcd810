"""Given names of many languages that are no other word, and forms of address: what tells a person in a todo.

Names that are words, places or products too ("Will", "Mark", "Paris", "Alexa") are left out: a wrong person is worse
than none.
"""

from __future__ import annotations

import re

from hedy_jupyter.text import fold

_GIVEN = """
    aaron abdul abigail abraham adam adele adnan adrian adriana adrien agata agnes agnieszka ahmad ahmed aiko
    aileen aisha akira alan albert alberto alejandra alejandro aleksandra alessandra alessandro alessia alex
    alexander alexandra alexandre alexei alexis alfred alfredo ali alice alicia alina alisa alison allison alma
    alvaro amanda amélie amelia amina amir amit amy ana anaïs anastasia anders andrea andreas andrei andrej andrés
    andrew andrzej andy angela angelika angelina anika anita anja anke ann anna annabel anne annette annie annika
    anouk antoine anton antonia antonio anushka aoife ariane arjun arnaud arne arthur arturo asha ashley astrid
    audrey aurélie axel ayesha ayşe barbara bart bartosz bastien beate beatrice beatriz béatrice ben benedikt
    benjamin benoît bernadette bernard bernd bernhard bert bertrand beth bettina bianca birgit björn bob bogdan
    boris bram brenda brian brigitte britta bruno burak caitlin camila camille carina carla carlo carlos carmen
    carol carole caroline carolyn caterina catherine cécile cédric celine céline cem cesar chantal charles
    charlotte cheryl chiara chloe chloé chris christa christian christiane christina christine christoph
    christophe christopher ciara cindy ciprian claire clara claudia clément connor corinna corinne cornelia craig
    cristian cristiano cristina cynthia daan dagmar damian damien dana daniel daniela daniele danielle danny dario
    darius david davide deborah debra delphine denise dennis derek detlef diana didier diego dieter dimitri dirk
    dmitri dmitry dominik dominique donald donna doris dorothea douglas dylan eberhard edgar edith eduardo edward
    edwin eileen ekaterina elaine elena eleni elias elif elisa elisabeth elise elizabeth elke ellen elliot elsa
    emilia emilie émilie emilio emily emma emmanuel emre enrico enrique enzo eric erica erich erik erika ernesto
    esra esteban esther étienne eugenia eva evelyn fabian fabien fabio fabrice farid fatih fatima fatma federica
    federico felipe felix fernanda fernando filip filippo fiona florian francesca francesco francisco franck
    françois françoise franz franziska frédéric frederik friederike fritz gabriel gabriela gabriele gabriella
    gaëlle gary geoffrey georg george georges gerald gerard gérard gerd gerhard gertrud giacomo gianluca gianni
    gilles giorgia giorgio giovanna giovanni gisela giulia giuseppe gonzalo gordon grażyna greg gregor gregory
    grzegorz guido guillaume guillermo günter günther gustav gustavo gwen hakan hanna hannah hannes hans harald
    harold harry hasan heather heike heiko heinrich heinz helen helena hélène helga helmut hendrik henri henrik
    henry herbert hermann hiroshi holger horst hubert hugo hülya hussein ian ibrahim ida ifeoma igor ilaria ilse
    imke imran ines inés inge ingrid irene irina iris irma isabel isabella isabelle ivan ivana iwona jacek jacob
    jacqueline jacques jaime jakob jakub james jamie jan jana jane janet janine jannik janusz jasmin jason javier
    jean jeanne jeff jeffrey jelena jens jennifer jenny jeremy jérôme jerzy jesper jessica jesús jim jimena joan
    joana joanna joão jochen joe joel joelle joerg johan johann johanna johannes john johnny jolanta jon jonas
    jonathan joost jörg jorge jose josé josef josefine joseph josephine joshua joyce juan juana judith julia
    julian juliana julie julien juliette julius jürgen justyna jutta kaan kamal karen karim karin karina karl
    karolina karsten kasia katarina katarzyna kate katharina katherine kathleen kathrin kathy katja katrin kazuo
    keiko keith kelly kemal ken kenji kenneth kerstin kevin khalid kim kirsten kirstin klara klaus konrad
    krzysztof kurt lars laura laure laurence laurent leah leila lena lennart léo léa leon leonard leonardo leonie
    liam lina linda linh lisa liz lorena lorenzo louis louise lourdes luc luca lucas lucia lucía lucie ludwig
    luigi luis luisa luise luiz lukas luke lutz lydia maarten maciej madeleine maëlle magdalena mahmoud maja malik
    małgorzata manfred manon manuel manuela mara marc marcel marcelo marcin marco marcos marcus marek margaret
    margarita margit margot maria maría marian mariana marianne marie mariko marina mario marion marit marius
    mariusz markus marlene marta martha martin martina mary maryam mateo mateusz mathieu mathilde matilda matt
    matteo matthew matthias matthieu maurice mauricio mauro maxime maximilian maya mehmet melanie melissa michael
    michaela michał michel michele michelle miguel mike mikhail mila milan milena milla miranda miriam mohamed
    mohammed moira monica monika monique morgane moritz murat mustafa nadia nadine nadja nanami naomi natacha
    natalia natalie natasha nathalie nathan neil nelly nguyen nicholas nick nicola nicolas nicole niels nikolai
    nikolaus nils nina noah noemi noémie nora norbert nuno odile olaf ole oleg olga oliver olivia olivier omar
    orla osman oswald otto pablo pamela paola paolo pascal pascale patricia patrick patrik paul paula pauline
    paulina paulo pavel pawel paweł pedro peggy petra peter phil philip philipp philippe phoebe pia pierre pilar
    piotr priya quentin rachel radek rafael rafał rainer raj rajesh ralf ralph ramon ramón ramona raphael raquel
    raul ravi raymond rebecca reiner reinhard renata renate renaud rené renée ricardo riccardo richard rita robert
    roberta roberto rodrigo roger roland rolf romain ronald rosalie rüdiger rudolf rupert russell ruth ryan sabina
    sabine sabrina salma salvatore sam samir samira samuel samantha sandra sandrine sanjay sanne sara sarah saskia
    scott sean sebastian sébastien selina serge sergei sergio shannon sharon sheila shirley sigrid silke silvana
    silvia simon simona simone siobhán sofia sofie solène solveig sonia sonja sophia sophie stefan stefania
    stefanie stefano steffen stella stephan stephane stéphane stephanie stéphanie stephen steve steven stuart
    susan susana susanne suzanne sven svenja svetlana sylvia sylvie takashi takeshi tamara tanja tania tatiana
    teodor teresa thea theo theodor theresa thérèse thibault thierry thomas thorsten tiago tim timo timothy tina
    tobias todd tom tomás tomasz tommaso tony torben torsten tracy ulrich ulrike umut ursula ute uwe valentin
    valentina valeria valerie valérie vanessa vera verena verónica véronique vicente viktor viktoria vincent
    vincenzo virginie vivian vivien vladimir volker walter wanda wanjiru werner wilhelm wiebke william wojciech
    wolfgang xavier yannick yasmin yasmine yolanda youssef yuki yukiko yusuf yusra yves yvette yvonne zbigniew
    zeynep zoe zoé zuzanna adaeze ada анна александр алексей алёна анастасия андрей антон борис виктор виктория
    владимир дарья денис дмитрий евгений екатерина елена иван игорь ирина кирилл константин ксения максим мария
    марина михаил наталья николай оксана олег ольга павел пётр светлана сергей татьяна юлия юрий анне александру
    алексею андрею антону борису виктору владимиру дарье дмитрию екатерине елене ивану игорю ирине максиму марии
    михаилу наталье николаю олегу ольге павлу петру светлане сергею татьяне юлии юрию анной иваном ольгой сергеем
    марией дмитрием еленой андреем наташе саше маше max
"""
GIVEN = frozenset(map(fold.fold, _GIVEN.split()))

TITLE = re.compile(
    r"\b(?:Mrs?|Ms|Miss|Dr|Prof|Professor|Doctor|Nurse|Herrn?|Frau|Mme|Mlle|Madame|Monsieur|Sra?|Srta|Señora?"
    r"|Signora?|Senhora?|Mevrouw|Meneer|Dhr|Mevr|Pani|Fru|Herr)\b\.?\s+|\bM\.\s+"
)
"""A form of address in front of a name."""

_SURNAMES = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何高林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾肖田董袁潘"
    "蒋蔣蔡余杜叶葉程苏蘇魏吕呂丁沈姚卢盧姜崔钟鍾谭譚陆陸汪范金石廖贾賈夏韦韋付方白邹鄒孟熊秦邱江尹薛阎段雷"
    "侯龙龍史陶黎贺賀顾顧毛郝龚龔邵钱錢严嚴覃武戴莫孔汤湯纪紀"
)
_CHINESE = (
    rf"(?<!任)(?!高[级級]|金牌)[{_SURNAMES}][\u4e00-\u9fff]?(?:老师|老師|女士|阿姨|叔叔|医生|醫生|教授|小姐|师傅|師傅)"
)
_JAPANESE = (
    r"(?:(?<![一-龯々])[一-龯々ヶ]{1,4}|(?<![ァ-ヴー])[ァ-ヴー]{2,8})"
    r"(?=さん|さま|くん|ちゃん|氏(?!名)|様(?![子々])|先生)"
)
_NO_JAPANESE_NAME = re.compile(
    r"(?:お?客|皆|神|何|奥|娘|息子|業者|担当者?|店員|医者|患者|母|父|姉|兄|弟|妹|祖母|祖父|嫁|旦那|孫|子供?|大家|彼|両|"
    r".*[仕模同多一左異]|ユーザー|メーカー|パートナー|スタッフ|サポート|ベンダー|クライアント|デザイナー|エンジニア|マネージャー"
    r"|チーム|ドクター)"
)
_KOREAN = (
    r"(?<![가-힣])[가-힣]{2,4}(?=\s?씨(?:에게|께|와|랑|한테|가|는|의|를)?(?![가-힣]))|(?<![가-힣])[가-힣]{2,4}(?=님)"
)
_NO_KOREAN_NAME = re.compile(
    "(?:고객|선생|손|사장|.*팀장|.*부장|교수|대표|과장|이사|.*담당자|부모|주인|기사|의사|회원)"
)

UNSPACED = re.compile(f"(?P<zh>{_CHINESE})|(?P<ja>{_JAPANESE})|(?P<ko>{_KOREAN})")
"""A name with a form of address behind or before it, in Chinese, Japanese or Korean."""


def is_given(word: str) -> bool:
    """Return whether *word* is a given name, and nothing else."""
    return word[:1].isupper() and fold.fold(word) in GIVEN


def is_addressed(match: re.Match[str]) -> bool:
    """Return whether *match* of ``UNSPACED`` is a person: "お客様" and "고객님" are none."""
    if match["ja"]:
        return not _NO_JAPANESE_NAME.fullmatch(match["ja"])
    return not (match["ko"] and _NO_KOREAN_NAME.fullmatch(match["ko"]))
