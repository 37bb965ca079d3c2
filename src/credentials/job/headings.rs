//! What headings of postings say: which part of the job follows, in the languages that we know headings of.
//!
//! The words are our own choice. A heading is looked up folded, so that case and accents make no difference.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::lexicon::{LONGEST, grams, key};
use super::model::{Importance, Section};

/// What a heading announces.
pub(super) type Announced = (Section, Importance);

/// What a heading says; `None` when it is none that we know. The longest known part of it decides.
pub(super) fn announced(heading: &str) -> Option<Announced> {
    let words = key(heading);
    let mut best: Option<(usize, Announced)> = None;
    for (_, length, gram) in grams(&words) {
        if let Some(found) = KNOWN.get(gram)
            && best.is_none_or(|(longest, _)| length > longest)
        {
            best = Some((length, *found));
        }
    }
    best.map(|(_, announced)| announced)
}

/// What a text says that is a heading and nothing else.
pub(super) fn announced_whole(text: &str) -> Option<Announced> {
    const MOST: usize = 80;
    if text.len() > MOST {
        return None;
    }
    let words = key(text);
    (words.split(' ').count() <= LONGEST).then(|| KNOWN.get(words.as_str()).copied()).flatten()
}

static KNOWN: LazyLock<HashMap<String, Announced>> = LazyLock::new(|| {
    let phrases = HEADINGS.iter().flat_map(|(section, importance, phrases)| {
        phrases.split(';').map(move |phrase| (key(phrase), (*section, *importance)))
    });
    phrases.collect()
});

use Importance::{Preferred, Required, Unstated};

/// Sections, how much what follows is asked for, and what announces them.
const HEADINGS: &[(Section, Importance, &str)] = &[
    (
        Section::Responsibilities,
        Required,
        "responsibilities;key responsibilities;duties;job duties;essential duties;essential functions;tasks;your tasks;you will;\
         what you will do;what you'll do;what you'll be doing;what will you do;in this role;in this role you will;the role;\
         your role;day to day;day-to-day;your mission;main activities;accountabilities;scope of work;key tasks;work activities;\
         how you will make an impact;how you'll make an impact;your impact;\
         responsabilidades;funciones;tareas;tus funciones;funciones principales;qué harás;tu misión;principales responsabilidades;\
         missions;vos missions;vos tâches;responsabilités;activités;vos responsabilités;missions principales;ce que vous ferez;\
         aufgaben;deine aufgaben;ihre aufgaben;aufgabengebiet;tätigkeiten;das erwartet dich;das erwartet sie;was dich erwartet;\
         verantwortlichkeiten;ihr aufgabengebiet;dein aufgabengebiet;das machst du bei uns;\
         atribuições;atividades;principais atividades;suas responsabilidades;funções;o que você vai fazer;\
         mansioni;attività;responsabilità;compiti;cosa farai;le tue responsabilità;\
         taken;jouw taken;werkzaamheden;verantwoordelijkheden;wat ga je doen;functieomschrijving;taakomschrijving;\
         arbetsuppgifter;dina arbetsuppgifter;ansvarsområden;om rollen;vad du kommer att göra;\
         arbeidsoppgaver;ansvarsområder;dine arbeidsoppgaver;oppgaver;\
         arbejdsopgaver;ansvarsområder;dine opgaver;opgaver;dine arbejdsopgaver;\
         tehtävät;työtehtävät;tehtävänkuva;vastuut;\
         obowiązki;zakres obowiązków;обязанности;المسؤوليات;المهام;المهام والمسؤوليات;工作职责;岗位职责;职责;業務内容;仕事内容;職務内容;\
         담당업무;주요업무;תחומי אחריות",
    ),
    (
        Section::Qualifications,
        Required,
        "requirements;qualifications;minimum qualifications;required qualifications;basic qualifications;job requirements;you bring;\
         what you bring;what you'll bring;what you will bring;what we are looking for;what we're looking for;who you are;you have;\
         about you;your profile;your background;must have;must haves;what you need;what you'll need;required;we expect;\
         minimum requirements;position requirements;candidate profile;person specification;essential criteria;essential;\
         your qualifications;what makes you a great fit;we're looking for someone who;ideal candidate;the ideal candidate;\
         requisitos;perfil;requisitos mínimos;tu perfil;qué buscamos;qué necesitas;perfil requerido;se requiere;requerimientos;\
         profil;votre profil;profil recherché;qualifications requises;exigences;vous êtes;prérequis;ce que nous recherchons;\
         anforderungen;dein profil;ihr profil;das bringst du mit;das bringen sie mit;was du mitbringst;was sie mitbringen;voraussetzungen;\
         anforderungsprofil;qualifikationen;du bringst mit;sie bringen mit;unsere anforderungen;\
         requisitos obrigatórios;qualificações;o que buscamos;pré-requisitos;perfil desejado;\
         requisiti;profilo;requisiti richiesti;il tuo profilo;cosa cerchiamo;profilo ricercato;\
         functie-eisen;jouw profiel;wat vragen wij;wat breng je mee;vereisten;wij vragen;dit breng je mee;profiel;\
         kvalifikationer;krav;din profil;vi söker dig som;kravprofil;din bakgrund;om dig;\
         kvalifikasjoner;kvalifikasjonskrav;ønskede kvalifikasjoner;vi søker deg som;hvem er du;krav til stillingen;\
         dine kvalifikationer;om dig;vi forventer;krav til dig;\
         vaatimukset;edellytämme;odotamme sinulta;kelpoisuusvaatimukset;osaaminen;\
         wymagania;требования;المتطلبات;المؤهلات;الشروط;المؤهلات المطلوبة;任职要求;岗位要求;职位要求;応募資格;応募条件;必須条件;必須スキル;자격요건;דרישות",
    ),
    (
        Section::Qualifications,
        Preferred,
        "nice to have;nice to haves;preferred;preferred qualifications;preferred requirements;desired qualifications;bonus points;bonus;\
         desirable;desirable criteria;good to have;it is a plus;a plus;pluses;would be a plus;optional;preferred skills;desired skills;\
         additional qualifications;ideally you have;ideally;\
         deseable;se valora;se valorará;valoramos;requisitos deseables;plus;\
         atouts;serait un plus;un plus;souhaité;souhaités;\
         wünschenswert;von vorteil;idealerweise;nice-to-have;\
         diferenciais;desejável;desejáveis;requisitos desejáveis;\
         requisiti preferenziali;costituisce titolo preferenziale;gradito;graditi;\
         pluspunten;het is een pré;meriterande;ønskelig;en fordel;det er en fordel;eduksi katsotaan;eduksi;mile widziane;\
         будет плюсом;يفضل;优先;加分项;歓迎条件;歓迎スキル;우대사항;יתרון",
    ),
    (
        Section::Skills,
        Required,
        "skills;required skills;key skills;technical skills;hard skills;soft skills;competencies;core competencies;abilities;technologies;\
         tech stack;technology;tools;our stack;tools and technologies;skills and abilities;personal skills;key competencies;\
         competencias;habilidades;aptitudes;conocimientos técnicos;compétences;compétences requises;savoir-faire;savoir-être;\
         fähigkeiten;kompetenzen;kenntnisse und fähigkeiten;fachliche kompetenzen;persönliche kompetenzen;\
         competências;competenze;competenze richieste;vaardigheden;competenties;kompetenser;färdigheter;personliga egenskaper;\
         personlige egenskaper;ferdigheter;kompetencer;faglige kompetencer;taidot;umiejętności;навыки;المهارات;技能要求;スキル;기술",
    ),
    (
        Section::Knowledge,
        Required,
        "knowledge;required knowledge;knowledge and understanding;conocimientos;connaissances;savoirs;kenntnisse;fachkenntnisse;\
         conhecimentos;conoscenze;kennis;kunskaper;kunnskaper;kunnskap;viden;tiedot;wiedza;знания;المعرفة;知识;知識",
    ),
    (
        Section::Education,
        Required,
        "education;education and training;academic qualifications;degree;educational requirements;education requirements;\
         formación;formación académica;estudios;educación;formation;formations;diplômes;études;ausbildung;bildung;studium;\
         formação;formação acadêmica;escolaridade;formazione;titolo di studio;opleiding;utbildning;utdanning;uddannelse;koulutus;\
         wykształcenie;образование;التعليم;المؤهلات العلمية;学历要求;学歴;학력",
    ),
    (
        Section::Experience,
        Required,
        "experience;work experience;required experience;professional experience;experience requirements;experiencia;\
         experiencia laboral;expérience;expérience professionnelle;berufserfahrung;erfahrung;experiência;esperienza;ervaring;\
         werkervaring;erfarenhet;erfaring;kokemus;doświadczenie;опыт;опыт работы;الخبرة;الخبرات;工作经验;経験;경력",
    ),
    (
        Section::Credentials,
        Required,
        "licenses;licences;certifications;licenses and certifications;certificates;licensure;required licenses;\
         licensing;certificaciones;certificados;licencias;certifications requises;permis;zertifikate;zertifizierungen;\
         führerschein;certificações;certificazioni;certificaten;certifikat;sertifikater;certifikater;الشهادات;证书;資格",
    ),
    (
        Section::Physical,
        Unstated,
        "physical requirements;physical demands;sensory requirements;physical and mental demands;exigencias físicas;\
         exigences physiques;körperliche anforderungen;exigências físicas",
    ),
    (
        Section::Conditions,
        Unstated,
        "working conditions;work environment;work schedule;schedule;location;hours;travel;travel requirements;job type;shift;salary;\
         compensation;pay;pay range;salary range;employment type;working hours;horario;condiciones;ubicación;lugar de trabajo;jornada;\
         horaires;lieu de travail;conditions de travail;type de contrat;arbeitszeit;arbeitsort;rahmenbedingungen;gehalt;\
         horário;local de trabalho;remuneração;orario;sede di lavoro;sede;tipo di contratto;arbeidssted;arbetstid;arbejdstid;työaika;\
         الراتب;工作地点;薪资;勤務地;給与;勤務時間;근무지",
    ),
    (
        Section::Benefits,
        Unstated,
        "benefits;what we offer;we offer;perks;our benefits;perks and benefits;benefits and perks;what's in it for you;what you get;\
         why join us;why work with us;our offer;compensation and benefits;we provide;what you can expect from us;\
         beneficios;ofrecemos;qué ofrecemos;se ofrece;te ofrecemos;avantages;nous offrons;ce que nous offrons;ce que nous vous offrons;\
         nous vous proposons;wir bieten;das bieten wir;wir bieten ihnen;wir bieten dir;unser angebot;benefits für dich;\
         benefícios;oferecemos;o que oferecemos;offriamo;cosa offriamo;wat bieden wij;wij bieden;dit bieden wij;arbeidsvoorwaarden;\
         vi erbjuder;vi tilbyr;vi kan tilbyde;vi tilbyder;tarjoamme;oferujemy;мы предлагаем;условия;المزايا;نقدم;福利待遇;福利;待遇;福利厚生;복리후생;혜택",
    ),
    (
        Section::Employer,
        Unstated,
        "about us;about the company;company description;who we are;our company;our mission;our values;about the team;our team;\
         the company;company overview;our story;our culture;sobre nosotros;quiénes somos;la empresa;acerca de nosotros;\
         qui sommes-nous;à propos de nous;l'entreprise;notre entreprise;über uns;wer wir sind;das unternehmen;das sind wir;\
         sobre nós;quem somos;sobre a empresa;chi siamo;l'azienda;wie zijn wij;over ons;wie wij zijn;om oss;om företaget;om bedriften;\
         om os;hvem er vi;meistä;yrityksestä;o nas;о компании;من نحن;عن الشركة;公司介绍;公司简介;会社概要;企業情報;회사소개",
    ),
    (
        Section::Application,
        Unstated,
        "how to apply;apply;apply now;application process;contact;contact us;next steps;interview process;cómo aplicar;contacto;\
         cómo postular;comment postuler;contactez-nous;postuler;bewerbung;kontakt;so bewirbst du dich;ihre bewerbung;deine bewerbung;\
         como se candidatar;contato;come candidarsi;candidatura;solliciteren;sollicitatie;contactpersoon;ansökan;så söker du;søknad;\
         slik søker du;ansøgning;hakuohjeet;yhteystiedot;aplikuj;как откликнуться;التقديم;كيفية التقديم;应聘方式;联系方式;応募方法",
    ),
    (
        Section::Legal,
        Unstated,
        "equal opportunity;equal employment opportunity;equal opportunity employer;eeo statement;eeo;diversity and inclusion;diversity;\
         disclaimer;legal notice;privacy;accommodation;accommodations;reasonable accommodation;background check;igualdad de oportunidades;\
         égalité des chances;chancengleichheit;datenschutz;datenschutzhinweis;igualdade de oportunidades;pari opportunità;\
         gelijke kansen;mangfold;mångfald;تكافؤ الفرص;平等机会",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_in_many_languages() {
        for (heading, section, importance) in [
            ("Responsibilities", Section::Responsibilities, Required),
            ("Key Responsibilities & Duties", Section::Responsibilities, Required),
            ("What you’ll do:", Section::Responsibilities, Required),
            ("Preferred qualifications (optional)", Section::Qualifications, Preferred),
            ("NICE TO HAVE", Section::Qualifications, Preferred),
            ("Tus funciones", Section::Responsibilities, Required),
            ("Votre profil :", Section::Qualifications, Required),
            ("Das bringst Du mit", Section::Qualifications, Required),
            ("Wir bieten", Section::Benefits, Unstated),
            ("Arbeidsoppgaver", Section::Responsibilities, Required),
            ("المتطلبات:", Section::Qualifications, Required),
            ("【業務内容】", Section::Responsibilities, Required),
            ("Equal Opportunity Employer", Section::Legal, Unstated),
        ] {
            let expected = (section != Section::Description).then_some((section, importance));
            assert_eq!(announced(heading), expected, "{heading}");
        }
        assert_eq!(announced("Backend"), None);
        assert_eq!(announced_whole("Requirements"), Some((Section::Qualifications, Required)));
        assert_eq!(announced_whole("Gather requirements from clients"), None);
        assert_eq!(announced_whole(""), None);
    }

    #[test]
    fn every_phrase_has_words_and_one_meaning_each() {
        let mut seen: HashMap<String, Announced> = HashMap::new();
        for (section, importance, phrases) in HEADINGS {
            for phrase in phrases.split(';') {
                let words = key(phrase);
                assert!(!words.is_empty() && words.split(' ').count() <= LONGEST, "{phrase}");
                let before = seen.insert(words, (*section, *importance));
                assert!(before.is_none_or(|before| before == (*section, *importance)), "{phrase} has two meanings");
            }
        }
    }
}
