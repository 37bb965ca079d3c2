//! Phrases by which a sentence of a posting is told to be about a licence, schooling, benefits and so on.
//!
//! The phrases are our own choice, in the languages of most postings. They are looked up folded, as runs of whole words,
//! so that `licence` is not found in `licenceless`. What a phrase means for a sentence is for `classify` to say.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::text::words;

/// The most words of a phrase.
pub(super) const LONGEST: usize = 8;

/// What a phrase is a sign of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Signal {
    /// Benefits, application, law: wherever it stands.
    Boilerplate,
    /// The same, unless it stands where tasks or skills are listed.
    Blurb,
    /// A licence or a certificate.
    Credential,
    /// Schooling, a degree.
    Education,
    /// Experience.
    Experience,
    /// A measure of time that experience is counted in.
    Years,
    /// A circumstance of the work.
    Condition,
    /// Knowledge.
    Knowledge,
    /// It is welcome, not asked for.
    Preferred,
    /// It is asked for.
    Required,
}

/// A phrase that was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// What it is a sign of.
    pub signal: Signal,
    /// At which word it begins.
    pub at: usize,
    /// The phrase as it is written in the list.
    pub phrase: &'static str,
}

/// The folded words of a text with a blank between them.
pub(super) fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for word in words(text) {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(&word.text);
    }
    key
}

/// Every run of up to [`LONGEST`] words of a [`key`]: at which word it begins, how many words it has, and the run.
pub(super) fn grams(key: &str) -> impl Iterator<Item = (usize, usize, &str)> {
    let begins = std::iter::once(0).chain(key.match_indices(' ').map(|(at, _)| at + 1));
    begins.enumerate().flat_map(move |(index, begin)| {
        let rest = key.get(begin..).unwrap_or_default();
        let ends =
            rest.match_indices(' ').map(|(at, _)| at).take(LONGEST).chain(std::iter::once(rest.len())).take(LONGEST);
        ends.enumerate().map(move |(words, end)| (index, words + 1, rest.get(..end).unwrap_or_default()))
    })
}

/// The phrases that are in a text, given as its [`key`], in order.
pub(super) fn found(key: &str) -> Vec<Found> {
    let known = |(at, _, gram)| PHRASES.get(gram).map(|(signal, phrase)| Found { signal: *signal, at, phrase });
    grams(key).filter_map(known).collect()
}

static PHRASES: LazyLock<HashMap<String, (Signal, &'static str)>> = LazyLock::new(|| {
    let phrases = SIGNALS.iter().flat_map(|(signal, phrases)| phrases.split(';').map(move |phrase| (*signal, phrase)));
    phrases.map(|(signal, phrase)| (key(phrase), (signal, phrase))).collect()
});

const SIGNALS: &[(Signal, &str)] = &[
    (
        Signal::Boilerplate,
        "equal opportunity;equal opportunities employer;equal employment opportunity;regardless of race;without regard to race;\
         without regard to;affirmative action;protected veteran;veteran status;sexual orientation;gender identity;reasonable accommodation;\
         reasonable accommodations;protected by law;protected characteristic;eeo;e-verify;all qualified applicants;\
         401 k;401k;paid time off;paid holidays;paid holiday;paid vacation;paid leave;parental leave;competitive salary;\
         competitive pay;competitive compensation;salary range;pay range;base salary;stock options;health benefits;benefits package;\
         dental and vision;medical dental;medical dental vision;tuition reimbursement;employee discount;sign-on bonus;\
         apply now;apply online;how to apply;to apply;submit your resume;send your resume;submit your application;cover letter;\
         click apply;only shortlisted;no recruiters;no agencies;privacy policy;salary;\
         igualdad de oportunidades;salario competitivo;vacaciones pagadas;seguro médico;envía tu cv;enviar cv;\
         égalité des chances;salaire attractif;mutuelle;tickets restaurant;congés payés;postulez;envoyez votre cv;\
         chancengleichheit;unabhängig von geschlecht;betriebliche altersvorsorge;urlaubstage;attraktive vergütung;\
         bewerbungsunterlagen;ihre bewerbung;deine bewerbung;schwerbehinderte;wir freuen uns auf;\
         igualdade de oportunidades;vale refeição;vale transporte;vale-refeição;vale-transporte;plano de saúde;envie seu currículo;\
         pari opportunità;buoni pasto;invia il tuo cv;gelijke kansen;vakantiedagen;pensioenregeling;\
         pensjonsordning;pensionsordning;lön efter överenskommelse;skicka din ansökan;send din ansøgning;\
         تكافؤ الفرص;راتب تنافسي;五险一金;带薪年假;社会保険完備",
    ),
    (
        Signal::Blurb,
        "we offer;we provide;we are a;we are an;we're a;we are proud;we believe;our mission;our company;our team;our culture;our values;\
         our customers;our vision;is looking for;are looking for;we're looking for;is seeking;seeks;we seek;is hiring;we are hiring;\
         join us;join our;founded in;headquartered in;leading provider;market leader;global leader;fast growing;\
         health insurance;life insurance;bonus;perks;benefits;pension;retirement plan;vacation;gym membership;free lunch;\
         work life balance;career growth;growth opportunities;dynamic team;about us;\
         ofrecemos;somos una empresa;buscamos;nuestra empresa;nuestro equipo;nous offrons;nous recherchons;nous sommes;recrute;\
         notre entreprise;notre équipe;wir bieten;wir suchen;wir sind;sucht;unser team;unser unternehmen;zum nächstmöglichen zeitpunkt;\
         oferecemos;estamos buscando;procuramos;somos uma empresa;offriamo;cerchiamo;siamo un;siamo una;cerca;\
         wij bieden;wij zoeken;zoeken wij;wij zijn;vi erbjuder;vi söker;vi är;söker vi;vi tilbyr;vi søker;vi tilbyder;vi er;\
         tarjoamme;etsimme;نقدم;نبحث عن;我们提供;諸手当",
    ),
    (
        Signal::Credential,
        "license;licence;licenses;licences;licensed;licensure;certification;certifications;certified;certificate;certificates;\
         driver's license;drivers license;driver's licence;driving licence;security clearance;clearance;registered nurse;\
         board certified;accreditation;accredited;cpr;cdl;pmp;cpa;\
         licencia;certificación;certificaciones;certificado;certificada;carné de conducir;permiso de conducir;colegiado;colegiada;\
         permis b;permis de conduire;habilitation;certifié;certifiée;agrément;certificat;\
         führerschein;führerscheinklasse;zertifikat;zertifikate;zertifizierung;zertifiziert;approbation;meisterbrief;\
         carteira de habilitação;cnh;certificação;certificações;patente di guida;patente b;patentino;certificazione;certificazioni;\
         rijbewijs;certificaat;certificering;körkort;b-körkort;certifikat;certifiering;legitimation;førerkort;sertifikat;\
         sertifisering;autorisasjon;kørekort;certificering;autorisation;ajokortti;sertifikaatti;prawo jazdy;certyfikat;\
         водительские права;сертификат;رخصة قيادة;رخصة;شهادة مهنية;驾照;证书;資格証明書;運転免許;운전면허;자격증",
    ),
    (
        Signal::Education,
        "degree;bachelor;bachelors;bachelor's;bachelor's degree;master's;masters degree;master's degree;master of;phd;ph.d;doctorate;\
         doctoral;diploma;high school;ged;associate's;associate degree;associate's degree;undergraduate;postgraduate;graduate of;\
         university degree;college degree;secondary school;a-levels;gcse;vocational school;\
         licenciatura;titulación;titulado;titulada;grado en;bachillerato;formación profesional;título universitario;ingeniería en;\
         diplôme;diplômé;diplômée;licence professionnelle;bac +2;bac +3;bac +5;bac+2;bac+3;bac+5;bts;école d'ingénieur;\
         abgeschlossenes studium;abgeschlossene ausbildung;abgeschlossene berufsausbildung;studium;hochschulabschluss;berufsausbildung;\
         ausbildung als;ausbildung zum;ausbildung zur;abitur;realschulabschluss;hauptschulabschluss;schulabschluss;\
         ensino médio;ensino superior;graduação em;formação superior;ensino fundamental;curso superior;\
         laurea;laurea in;diploma di;titolo di studio;laureato;laureata;hbo;mbo;wo-niveau;hbo-niveau;mbo-niveau;afgeronde opleiding;\
         högskoleutbildning;universitetsutbildning;gymnasieutbildning;gymnasieexamen;examen;civilingenjör;\
         høyere utdanning;bachelorgrad;mastergrad;fagbrev;videregående skole;uddannelse som;kandidatgrad;bacheloruddannelse;\
         korkeakoulututkinto;ammattitutkinto;tutkinto;wykształcenie wyższe;высшее образование;بكالوريوس;ماجستير;شهادة جامعية;\
         本科;学士;硕士;大学卒;高卒;学歴;학사;석사;대졸",
    ),
    (
        Signal::Experience,
        "experience;experienced;track record;work history;experiencia;expérience;erfahrung;erfahrungen;berufserfahrung;experiência;\
         esperienza;ervaring;werkervaring;erfarenhet;arbetslivserfarenhet;erfaring;arbeidserfaring;kokemus;kokemusta;työkokemus;\
         työkokemusta;doświadczenie;опыт;опыт работы;خبرة;经验;経験;경력;경험",
    ),
    (
        Signal::Years,
        "year;years;yrs;month;months;año;años;mes;meses;an;ans;année;années;mois;jahr;jahre;jahren;monate;monaten;ano;anos;anno;anni;\
         mesi;jaar;maanden;år;månader;måneder;vuosi;vuotta;vuoden;rok;lat;lata;год;года;лет;سنة;سنوات;年;年以上;년",
    ),
    (
        Signal::Condition,
        "able to lift;ability to lift;lift up to;lifting up to;stand for long periods;prolonged periods;at least 18;18 years of age;\
         18 years or older;legally authorized;authorized to work;right to work;work authorization;work permit;visa sponsorship;\
         background check;drug test;drug screen;drug screening;reliable transportation;willing to travel;willingness to travel;\
         travel up to;ability to travel;weekends;night shifts;rotating shifts;shift work;overtime;on call;full-time;part-time;full time;\
         part time;fixed-term;temporary contract;on-site;onsite;fully remote;hybrid;relocate;relocation;flexible hours;\
         work in shifts;vaccinated;vaccination;\
         jornada completa;media jornada;turnos rotativos;disponibilidad para viajar;disponibilidad horaria;contrato indefinido;\
         temps plein;temps partiel;travail posté;déplacements;mobilité;cdi;cdd;\
         vollzeit;teilzeit;schichtdienst;schichtarbeit;bereitschaft zu schichtarbeit;reisebereitschaft;unbefristet;wochenendarbeit;\
         tempo integral;meio período;disponibilidade para viagens;tempo pieno;full time part time;disponibilità a trasferte;turni;\
         fulltime;parttime;ploegendienst;heltid;deltid;skiftarbete;skiftarbeid;skiftarbejde;kokoaikainen;osa-aikainen;vuorotyö;\
         pełny etat;полный рабочий день;دوام كامل;دوام جزئي;全职;兼职;正社員;シフト制",
    ),
    (
        Signal::Knowledge,
        "knowledge of;knowledge in;working knowledge;good knowledge;understanding of;familiarity with;familiar with;awareness of;\
         conocimiento de;conocimientos de;conocimientos en;connaissance de;connaissance des;connaissance du;connaissances en;\
         maîtrise de;kenntnisse;kenntnisse in;kenntnis der;vertraut mit;grundkenntnisse;fachkenntnisse;conhecimento de;\
         conhecimento em;conhecimentos em;conhecimentos de;conoscenza di;conoscenza del;conoscenza della;conoscenze di;kennis van;\
         bekend met;kunskap om;kunskaper i;kunskaper om;kännedom om;kunnskap om;kjennskap til;kendskab til;viden om;\
         tuntemus;tietämys;znajomość;знание;знания;معرفة;معرفة ب;了解;熟悉;知識;지식",
    ),
    (
        Signal::Preferred,
        "preferred;preferably;a plus;is a plus;big plus;nice to have;desirable;desired;ideally;an advantage;advantageous;an asset;\
         would be beneficial;beneficial;optional;not required;welcome but not required;\
         deseable;se valorará;valorable;preferiblemente;preferible;souhaité;souhaitée;souhaitable;apprécié;appréciée;un plus;de préférence;\
         serait un atout;est un atout;wünschenswert;von vorteil;idealerweise;gerne auch;gern gesehen;desejável;diferencial;\
         preferencialmente;preferibile;preferibilmente;gradita;gradito;costituisce titolo preferenziale;bij voorkeur;een pre;een pré;\
         is een plus;meriterande;gärna;ønskelig;en fordel;gjerne;gerne;eduksi;mile widziane;atutem;будет плюсом;желательно;يفضل;优先;\
         歓迎;尚可;우대",
    ),
    (
        Signal::Required,
        "must;must have;required;is required;are required;mandatory;essential;imprescindible;obligatorio;necesario;requerido;indispensable;\
         exigé;exigée;impératif;obligatoire;zwingend;erforderlich;voraussetzung;unbedingt;obrigatório;imprescindível;necessário;\
         obbligatorio;indispensabile;richiesto;richiesta;vereist;verplicht;noodzakelijk;krävs;ett krav;kreves;påkrevd;påkrævet;\
         edellytetään;vaaditaan;wymagane;обязательно;مطلوب;必须;必須;필수",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_as_whole_words() {
        let signals = |text: &str| found(&key(text)).iter().map(|found| found.signal).collect::<Vec<_>>();
        assert_eq!(signals("State Grade-D operator LICENCE"), [Signal::Credential]);
        assert_eq!(signals("Sublicenced work"), []);
        assert_eq!(signals("3+ Jahre Berufserfahrung"), [Signal::Years, Signal::Experience]);
        assert_eq!(signals("Führerschein von Vorteil"), [Signal::Credential, Signal::Preferred]);
        assert_eq!(signals("يفضل وجود خبرة"), [Signal::Preferred, Signal::Experience]);
        assert_eq!(signals(""), []);
    }

    #[test]
    fn runs_of_words() {
        let all: Vec<_> = grams("a b c").map(|(at, words, gram)| (at, words, gram.to_owned())).collect();
        let expected = [(0, 1, "a"), (0, 2, "a b"), (0, 3, "a b c"), (1, 1, "b"), (1, 2, "b c"), (2, 1, "c")];
        assert_eq!(all, expected.map(|(at, words, gram)| (at, words, gram.to_owned())));
        let long = vec!["w"; 100].join(" ");
        assert!(grams(&long).all(|(_, words, gram)| words <= LONGEST && gram.split(' ').count() == words));
        assert_eq!(grams(&long).filter(|(at, ..)| *at == 0).count(), LONGEST);
    }

    #[test]
    fn every_phrase_has_one_meaning() {
        let mut seen: HashMap<String, Signal> = HashMap::new();
        for (signal, phrases) in SIGNALS {
            for phrase in phrases.split(';') {
                let words = key(phrase);
                assert!(!words.is_empty() && words.split(' ').count() <= LONGEST, "{phrase}");
                assert!(
                    seen.insert(words, *signal).is_none_or(|before| before == *signal),
                    "{phrase} has two meanings"
                );
            }
        }
    }
}
