"""Misspelled words: which words of a vocabulary are another one of it with one letter mistyped.

A letter is left out, doubled, replaced or swapped with its neighbour, inside a word of six letters or more. Words that
are so much alike and both right ("contact", "contract") are listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from hedy_jupyter.text import fold
from hedy_jupyter.text.given_names import GIVEN

_SHORTEST = 6
_BEGINNING = 3  # letters that have to be right: what comes first tells "Ausgabe" from "Aufgabe"
_BOTH_RIGHT = """
    accent accept adoption adaption advice advise appealing appearing assess assets assume assure assumed assured
    attached attacked ballet ballot breach breath bride bridge buried burned campus camps canon cannon canyon
    capital capitol career carter carrier courier causal casual chairs chains chance change charge chances changes
    charges changing charging charming charting chapter charter choose chose clarify clarity charity cleaned
    cleared cleaning clearing closest closet cloths clothes collision collusion compete complete compute competing
    completing computing complement compliment concept concert concern concepts concerts concerns convert consent
    content contest context consult consulate contact contract contracts contacts contacted contracted contracting
    contacting contractor contrast cooking cooling cooler cooper council counsel counties countries country county
    courts counts course coarse curse customer costumer customs dairy diary dancer danger decade decide deceased
    decreased denial dental deduction detection detention desert dessert deserve designed desired detect defect
    device devise dining diving dinner diner discrete discreet divide divine drivers drives driven drawer drawn
    economics economies employee employer employees employers expect expert export expects experts exports expand
    expend factor factory fairly fairy feeding feeling filed filled filing filling filmed filming final finale
    forced formed forcing forming formal format former farmer formally formerly forms forums friend fried fridge
    fringe garage garbage generic genetic genius genus grade graded grader graduate guess guest guests handed
    handled hardest harvest hatred hated heading healing hearing heating hosted hosting hoisting hostel hotel
    hunger hunter identify identity incite invite invested invented inventory inventor later latter letter litter
    leading leaning leaving learning lending loading lighting lightning lining linking linked lined literacy
    literary losing loosing loses losses manager manages manual manuel margin martin marital martial marker market
    marked marking massage message medal metal media medial mediation medication meditation mental menial miners
    mines minor minus mobile mobil model modal module modulo moral morale mortal moving mowing nearly nearby
    nothing noting officer offices optical optimal optional organ origin pack packet parent patent patient partly
    party passage passed pasted pausing pauses percent present prevent presented prevented presents prevents
    personal personnel phrase phase piece pierce placed played placing playing places plates planes planned
    planner planet planets plants plans planning planting polices policies police polite postal portal
    poster potter porter powder power precious previous price prince prices prizes principal principle printer
    pointer process prowess processor professor produce produces products product promoted prompted promise
    premise properly property prosper proper protect project protest projects protests projected protected
    provider provides public publish purse pursue qualify quality quarter quarrel quiet quite quote quota ranger
    ranging ranking recent resent recover record reform refund refuge refugee refuse region religion related
    relaxed relation remainder reminder remote remove renal rental repeal reveal replay reply report resort
    reserve reverse respect aspect revenge revenue review revive reviews sacred scared safely safety salmon salon
    sealed seated senior sensor series serves servers server severe sever session section setting settling shades
    shapes shares sharks shaped shared shaking sharing sheets sheers shift shirt shifts shirts shipping shopping
    shooting shouting signing singing silver sliver simple sample single signal social special speaker spoken
    sports spots spares spaces stages stakes states status statue statute stairs stars station started stated
    starting starring staring stating staying storage stores stories storms strange strong stranger stronger
    strike stroke string strings studies studios suits supplier supplies supplied surface survey system table
    tables tablet tablets taping tapping target teacher teaches tender tenders themes theme theses thesis threat
    throat threads thread threats topics tonics traced traces tracks trades traders trader trailer trainer
    training trailing trains trails traits trials trial trail translate transfer transmit travel trowel tribal
    triple trouble united untied update vendor venture version vision visitor walking warming warning washing
    wasting washed wasted weather whether winner winter window widow worlds words writers writes abnahme absatz
    aktien aktion akten anlagen anlegen auftrag ausgang beginn begonnen besetzt besitzt besuch bestand beitrag
    betrag bericht bereich berichte bereiche betrieb betreff bilanz bilder dienst dieser dieter dienen diesen
    falsche flasche fassung firmen formen freiheit freizeit freude freunde frage fragen frauen gebaut gebiet
    gehalt geholt gehort gelegen gelesen gerade gerate gerecht gericht gesicht gesucht gewicht gewinn gewann
    handel handeln handlung heizung hinweis kasten kosten karten kartei kasse klasse konto kontor konzept konzert
    kunden kunde kundin lager lagern leiter lieder leider leistung leitung lieferer lieferung linien linken listen
    leisten messe messung miete mieter mieten muster mutter nutzen nutzer planung plane plan preise presse proben
    probe prufung pruefung rechnen rechten rechnung rechnungen regeln regal sachen sachsen schaden schatten schatz
    schutz schrank schranke schritt schnitt schule schulden stelle stellen stellung stahl stuhl stadion strasse
    strafe stunde stunden starten staaten stadten termin termine umsatz umsatze umstand verkauf verlauf vertrag
    vertrage verträge vertreter verteiler verband verbot vorlage vorlagen vorrat vorort wagen waren warten wartung
    wahlen werden werben werbung wesen westen zahlen zahlung zeigen zeiten zeugen zeitung ziele ziehen accord
    accueil acheter achever affaire affiche atteindre attendre attente auteur autour avenir avenant bureau chaine
    charme charte chateau chapeau commande commence commerce comite compte compter conter complexe conduire
    conduite contenu contexte contente contrat copie coupe couple courte courrier courtier decret decrit dernier
    derriere dessin destin dossier entier entrer entree equipe espace espece facture facteur feuille famille fiche
    fichier forces formes fortes formation information formule importe importer exporter livraison liaison maladie
    malade maison saison marche marque menace menage montage montagne montre montrer monter organise organisme
    papier panier parler partir passer pousser plante plainte planete presence presente prise produit profit
    projet proces progres propres propose reaction redaction reduction regler regime rendre rentre rentrer reponse
    repose reprise surprise reseau rapport service sevice sortie sorte soucis souris soumis soutenir souvenir
    stage stade suivi suite terme terre tourner vendre ventre vente versement visite vitesse abierto acabar acción
    actores autores alcance balance banco barco cargos caballo cabello cantidad calidad carcel cartel cartas caras
    cierto ciento complejo completo comida comido contiene conviene contrato contacto correo correr creer crecer
    cuadro cuatro cuarto cuenta cuesta cuento diseno dinero dominio domingo empresa expresa estado estadio estudio
    factura fractura formado formato fuente fuerte ganado gasto gusto informe enorme juntas juntos llegar llevar
    llenar marcha marca medico medida medio mercado marcado muestra maestra pagina parte pedido perdido pieza
    piensa planta planeta plata plazo plaza precio premio presion prision presupuesto propuesta propio puerta
    puerto puesto puesta reserva respeto respecto seguro seguido segundo sueldo suelo tarea tarifa tecnico torneo
    torno trabajo venta venga ventana ventaja visita vista vuelo albero alberto affitto affatto attimo attivo
    camera carico carino cento centro chiamare chiedere chiudere concerto concetto contatto contatti contratto
    contratti contento contenuto contesto contrasto conto contro copia coppia diretto diritto distretto distrutto
    fattura frattura fermare formare giornale giornata guarda guardia interno intero inverno iniziale iniziare
    lettera lettura lettore libero libro listino mandato mancato maglia magia ministero parola parla pianeta
    pianta portale portare prezzo pezzo presso presto preso preventivo processo promesso progetto proposito
    proposto raccolta racconta ricordo ricorso riunione stagione stazione strada strana tempio tempo tradizione
    traduzione vendita vedere vendere cadeia cadeira camara carreira carteira contato contador conteudo contudo
    direito direto escola escala escolha estudo historia pessoal pessoas precos presos predio projeto projecto
    quadro quatro quarto reuniao relatorio sentido senado tradicao traducao verao versao aantal aanval aangenomen
    aangekomen bedrag bedrijf bedenken bedanken bespreken besproken boeken boeren factuur gelezen geleden gesprek
    klanten kanten leiden lijden levering lezing offerte plannen planten rekening regeling schade schande sporten
    sporen verhogen vermogen verkopen verlopen verloren verslag vergadering voorraad voorstel
"""
_RIGHT = frozenset(map(fold.fold, _BOTH_RIGHT.split()))


def same_words(vocabulary: Iterable[str], names: Collection[str] = ()) -> Mapping[str, str]:
    """Return word → the word that it is a misspelling of, for folded words; those that are none are left out.

    Of *names*, which differ by a letter more often, only a swapped or doubled letter is one. The time grows in
    proportion to the number of words.
    """
    words = sorted({word for word in vocabulary if len(word) >= _SHORTEST - 1 and word.isalpha() and word not in GIVEN})
    by_rest: dict[str, list[str]] = defaultdict(list)
    pairs: list[tuple[bool, str, str]] = []
    for word in words:
        rests = {word, *(word[:place] + word[place + 1 :] for place in range(1, len(word) - 1))}
        others = {other for rest in rests for other in by_rest[rest]}
        pairs += [
            (len(one) != len(word), one, word)
            for one in others
            if is_misspelled(one, word, in_name=one in names or word in names)
        ]
        for rest in rests:
            by_rest[rest].append(word)
    root: dict[str, str] = {}
    right = {word: word for word in words if word in _RIGHT}  # a misspelled word is one right word, not two

    def root_of(word: str) -> str:
        while word in root:
            word = root[word]
        return word

    for _, first, second in sorted(pairs):
        one, two = sorted((root_of(first), root_of(second)))
        if one != two and not (one in right and two in right):
            root[two] = one
            right.update({one: right[two]} if two in right else {})
    return {word: root_of(word) for word in words if word in root}


def is_misspelled(one: str, other: str, *, in_name: bool = False) -> bool:
    """Return whether two folded words are one word, once with a letter mistyped; *in_name* swapped or doubled."""
    short, long = sorted((one, other), key=len)
    if len(long) < _SHORTEST or short[0] != long[0] or short[-1] != long[-1] or {one, other} <= _RIGHT:
        return False
    first = next((place for place, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        is_doubled = long[first] == long[first - 1]
        return short[first:] == long[first + 1 :] and (is_doubled or (first >= _BEGINNING - 1 and not in_name))
    swapped = short[first + 1 : first + 2] + short[first : first + 1]
    if short[:first] + swapped + short[first + 2 :] == long:
        return True
    return first >= _BEGINNING and not in_name and short[first + 1 :] == long[first + 1 :]
