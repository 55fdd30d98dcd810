"""Vocabulary of names: those that are ordinary words too, and the endings of names in some languages; in lower case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

# First and last names that a text in the language may also hold as a word, in small letters. Function words
# (``STOP_WORDS``) may be too. "other" is for all other languages.
_ORDINARY: Mapping[str, str] = MappingProxyType(
    {
        "english": """
            abbey ace amber angel april art ash august autumn avery bank banks barber bark barn bass bay bear beck bee
            bell bench berry best bill bird bishop black blaze bless bliss bloom blue bolt bond booker bow brand
            brandy bridge brook brown buck bud bull burn burns bush butler calm camp candy cape cardinal case cash
            chance charity charm chase chip chuck church clay cliff cloud coal coast cook coral cotton crane crisp
            cross crystal curt dale dash dawn day dean dell dial diamond dick dock doe drake drew duke dusty earl
            early east ebony elder ember essence eve faith falcon fall farmer fern field fields finch flint ford
            forest fort foster fox frank free freedom french frost gage gale garden gay gem gene genesis ginger glass
            glory gold good gore grace grand grant gray green grey grove guy hale hall hardy harmony harvest hawk hay
            head heart heath heaven heir herb hill holly home honey hood hope house hunt hunter ice iris iron ivory
            jack jade jasmine jet jewel jolly joy judge july june junior justice karma keen king kirk kit knight lace
            lake lamb lance land lane lark law leaf legend less liberty lily lime lion little long love low luck lucky
            mace major maple march marine mark marks marsh marshal mason master mat max maxim may mayor melody mercy
            merit merry miles mill mills mint misty monday moon moss myth nick night noble norm north nova novel oak
            ocean olive opal pace page palm paris park parks pat patience peace peach pearl peel penny pepper pet
            petal pierce pike pin place point pole poll pool pope poppy porter post pound power price pride priest
            prime prince prior quest quick quill rain rainbow ram randy ranger raven ray read real red reed reef rich
            ridge ring rip river rivers rob robin rock rocky rod rogue roman root rose row royal ruby rush rusty sable
            sage sailor saint salt sand sandy savage scarlet scout serene shade shark sharp shepherd short silver
            singer skip sky slate small smart snow sole song south spear spring star steel stern stew still stone
            storm stout street strong sue sugar summer sunday sunny swan sweet swift tab tailor tan tanner tate tea
            teal temple thorn tiger timber tin tiny tip toy trace trinity trip trout true trusty tuck turner twig
            unity valley velvet venture victory violet virtue wade walker wall ward warden water waters weaver wells
            west wheat white wild win winter wise wolf wood woods worth wren young
        """,
        "german": """
            alt bald blank brandt braun breit ernst fest frank frei froh fromm früh gern grau groß grün gut hart heiß
            hell jung kalt klein klug kurz lang lieb lila milde neu reich rosa rot sauer scharf schwarz schön spät
            stark stolz süß treu wach wahr weich weit weiß wild
        """,
        "french": """
            aimé aimée ange aurore beau belle blanc blanche bon brun bruno carré chance claire clément colombe
            constance court désirée fleur fort franc france gloire grand gris grâce jean juste lilas luce lune
            marguerite marin marine modeste moulin noël olive parfait parfaite petit pierre prudence prudent roman
            rose rousse roux roy soleil victoire violette
        """,
        "spanish": """
            alba amada amado amor aurora bella blanca blanco bravo calvo campos castillo celeste clara consuelo cortés
            crespo cruz delgado dolores esperanza estrella flores franca franco gloria gracia hermoso iglesias leal
            libertad linda lisa luna luz mar marina mercedes milagros mora moreno nieves norma paz pilar prado prieto
            remedios rey reyes rojo rosa rosario rubio salvador santa santo santos serena sereno sol soledad torres
            valle vega vera victoria viola ángel
        """,
        "italian": """
            alba amata amato angelo aurora bella bello bianca bianchi bianco bruna bruno chiara chiaro conte costa
            costanza diamante felice fiore fontana franca franco gemma gioia gloria grazia greco leone letizia libera
            libero linda lisa luce luna marina marino mira modesto neri norma pace perla pia pio prudenza rosa rossa
            rossi rosso russo serena sereno sole speranza stella testa vera vero villa viola vita vittoria
        """,
        "portuguese": """
            anjo aurora bela branca branco campos celeste clara claro costa cruz dores esperança estrela felicidade
            flor franco glória graça leal leite linda lisa lobo lua luz mar marina norma pilar ramos reis rocha rosa
            salvador santa santo santos serena sereno serra sol vera vitória
        """,
        "dutch": """
            bakker beer berg bloem boer bos bruin dijk groot hoop jet jong klein kok lang lente linde mees merel
            mulder oud rood roos smit storm vos wit wolf zomer zwart
        """,
        "other": """
            aamu aarre alev ay bahar barış björn blom bo bulut can ceylan deniz derya doğan duru duygu dvořák ece elif
            emel engin ezgi fehér fekete fidan filiz gizem gołąb gül güneş hayat ilo ilta impi into kaisla kaya kielo
            kis kovács kowal lahja lilja liv lumi láska malý menekşe meri mert mladý müge nada naděje nagy nazar nehir
            novotný nur oiva onni otso pyry päivä pınar raita ro ruusu róża rüya saga satu savaş sevda sevgi sini
            slava sten stig su sulo svoboda szabó taika taimi toivo toprak tuisku tuuli tähti umut usko valo vesa
            veselý virág yaprak yağmur yıldız zafer zlata zora çiçek ömür özgür ümit černý ışık ада вера вишня волк
            воля воробей ворона голубь град дар заря заяц звезда земля зима ива карп князь козёл кот кузнец лада лев
            лето лилия любовь май мельник мир мороз надежда панна петух победа пономарь роза роман рыба слава сокол
            соловей сорока тема тихий удача фома храм царь юла ясна
        """,
    }
)
ORDINARY: Mapping[str, frozenset[str]] = MappingProxyType(
    {language: frozenset(words.split()) for language, words in _ORDINARY.items()}
)

# After these a word is no name: "a rose", "the mark", "eine rose". Not "die Ada", "la Chiara": some languages put an
# article before names.
_ARTICLES_BEFORE_NOUNS = "a an the every each ein eine einen einem einer un une una um uma een"
# After a capitalised word at the beginning of a sentence these make it a function word: "Will you …", "Dan we …", "So
# the …".
_SUBJECTS = """
    i you he she it we they there this that these those the a an my your his her its our their who what anyone anybody
    someone somebody ich du er sie es wir ihr man das der die ein eine ik jij je hij zij ze wij we het de dat dit een
    jullie on il elle nous vous ils elles le la les ce cela yo tú él ella nosotros ustedes ellos el los las io lui lei
    noi voi loro lo eu você ele ela nós eles elas
"""

# What begins with a capital in some languages and is nobody.
_CALENDAR = """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december montag dienstag mittwoch donnerstag freitag samstag sonntag sonnabend januar
    februar märz mai juni juli oktober dezember english german french spanish italian portuguese dutch chinese
    japanese deutsch englisch internet ok okay
"""
# In German every noun has a capital: what stands after these, or ends so, is rather a thing than a person.
_GERMAN_DETERMINERS = """
    der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner mein meine meinen meinem
    meiner dein deine sein seine seinen seinem ihr ihre ihren ihrem ihrer unser unsere unseren unserem unserer euer
    eure dieser diese dieses diesen diesem jeder jede jedes jeden jedem welche welcher welches alle allen viele vielen
    beide beiden im am zum zur vom beim ins ans pro ohne
"""

ARTICLES_BEFORE_NOUNS = frozenset(_ARTICLES_BEFORE_NOUNS.split())
SUBJECTS = frozenset(_SUBJECTS.split())
CALENDAR = frozenset(_CALENDAR.split())
GERMAN_DETERMINERS = frozenset(_GERMAN_DETERMINERS.split())
GERMAN_NOUN = re.compile(
    r".*(?:ung|heit|keit|schaft|tion|nis|tät|ment|tum|ismus|chen|lein|ungen|heiten|keiten|tionen|nisse)"
)

# Endings ----------------------------------------------------------------------

# By the end of a name in Latin letters: what may stand in its place. "" is the end of a name with a consonant. The
# first text has endings that no word has in English, German, French, Spanish, Italian, Portuguese or Dutch; those of
# the second count in other languages only.
_LATIN = {
    "a": ("ę ą ě ų ā ů", "y i e o u ie om ou ei os ai oj"),  # Slavonic and Baltic languages
    "ka": ("", "ce"),
    "ga": ("", "dze ze"),
    "ta": ("", "cie"),
    "da": ("", "dzie"),
    "ra": ("ře", "rze"),
    "ła": ("", "le"),
    "ha": ("še", "sze ze"),
    "ska": ("skiej", ""),
    "cka": ("ckiej", ""),
    "ová": ("ovou", "ové"),
    "": ("ów ův", "owi ovi owie iem a u em om e ie"),
    "o": ("", "owi ovi a u om em ie"),
    "ek": ("", "kowi kovi kiem ka ku kem kom"),
    "el": ("", "lowi lovi la lu lem lom"),
    "eł": ("łowi łem", "ła łu"),
    "ec": ("", "cowi covi ca cu cem com"),
    "ski": ("skiego skiemu skim ską skiej", "ska"),
    "cki": ("ckiego ckiemu ckim cką ckiej", "cka"),
    "ský": ("ského skému ským", ""),
    "as": ("ą", "o ui u e ai"),
    "is": ("į", "io iui iu y i"),
    "us": ("ų", "aus ui u au"),
}
# By its last letter: what Finnish, Estonian and Hungarian add to a name.
_VOWEL_ADDS = ("llä ltä ssä stä", "lle lla lta ssa sta ksi n a ä t ta tä an än en in on un")
_CONSONANT_ADDS = (
    "illä iltä issä istä",
    "ille illa ilta issa ista in ia nek nak nal nél t et ot hez hoz höz től tól ben ban re ra ért",
)
_ADDED = dict.fromkeys("aeiouyäö", _VOWEL_ADDS) | dict.fromkeys("bcdfghjklmnprstvxz", _CONSONANT_ADDS)
# Hungarian lengthens the last vowel.
_HUNGARIAN = {"a": "át ának ával ára áról ához ától ában áé", "e": "ét ének ével ére éről éhez étől ében éé"}
# By the end of a name in Cyrillic or Greek letters.
_OTHER = {
    "а": "ы и і у е є о ой ою ей ею",
    "я": "и і ї е є ю ей ею ёй єю",
    "й": "я ю ем ём е и і ї єм єві еві",
    "ь": "я ю ем ём е и і ью єм єві",
    "о": "а у ом ові",
    "": "а у ом ем е і ові еві",
    "ов": "овым овой овы овых",
    "ев": "евым евой евы евых",
    "ин": "иным иной ины иных",
    "ова": "овой ову",
    "ева": "евой еву",
    "ий": "ого его ому ему им ом ем ия ию ии",
    "ый": "ого ому ым ом",
    "ой": "ого ому ым ом",
    "ая": "ой ую ою",
    "ель": "ля лю лем ле",
    "ел": "ла лу лом лем ле",
    "ек": "ка ку ком ке",
    "ок": "ка ку ком ке",
    "ец": "ца цу цом цем це",
    "лев": "льва льву львом льве",
    "ος": "ου ο ε",
    "ης": "η",
    "ας": "α",
    "α": "ας",
    "η": "ης",
}

LATIN = MappingProxyType({end: (tuple(own.split()), tuple(shared.split())) for end, (own, shared) in _LATIN.items()})
ADDED = MappingProxyType({end: (tuple(own.split()), tuple(shared.split())) for end, (own, shared) in _ADDED.items()})
HUNGARIAN = MappingProxyType({end: tuple(endings.split()) for end, endings in _HUNGARIAN.items()})
OTHER = MappingProxyType({end: tuple(endings.split()) for end, endings in _OTHER.items()})
