//! Which encoding a text file is in, why it was taken for that, and the text. Never knows what the
//! text means.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::error::SheetError;
use super::plausible::plausibility;

/// A text with the name of the encoding it was in, as the web's standard names it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) name: &'static str,
    /// For a person.
    pub(super) reason: String,
}

/// How many characters of several bytes there are in UTF-8 for each byte that is not UTF-8, for a
/// text to be UTF-8 that was damaged.
const GOOD_FOR_BAD: usize = 10;

/// Decodes a file; `label` names the encoding if a person said so.
///
/// # Errors
/// [`SheetError`] when the named encoding does not exist or the text is not in it.
pub(super) fn decode(bytes: Vec<u8>, label: Option<&str>) -> Result<Decoded, SheetError> {
    if let Some(label) = label {
        return named(&bytes, label);
    }
    if let Some((encoding, _)) = Encoding::for_bom(&bytes) {
        return Ok(decoded(encoding, &bytes, "it begins with the mark of this encoding".to_owned()));
    }
    if let Some(encoding) = utf_16(&bytes) {
        return Ok(decoded(encoding, &bytes, "every other byte is zero".to_owned()));
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => {
            let reason = if text.is_ascii() { "only characters of ASCII" } else { "every byte fits this encoding" };
            return Ok(Decoded { text, name: UTF_8.name(), reason: reason.to_owned() });
        }
        Err(error) => error.into_bytes(),
    };
    if let Some(damaged) = damaged_utf_8(&bytes) {
        return Ok(damaged);
    }
    let (encoding, reason) = legacy(&bytes);
    Ok(decoded(encoding, &bytes, reason))
}

fn decoded(encoding: &'static Encoding, bytes: &[u8], reason: String) -> Decoded {
    let (text, encoding, _) = encoding.decode(bytes);
    Decoded { text: text.into_owned(), name: encoding.name(), reason }
}

fn named(bytes: &[u8], label: &str) -> Result<Decoded, SheetError> {
    let known = match label.trim().to_ascii_lowercase().replace([' ', '_'], "-").as_str() {
        "mac-roman" | "macroman" => Some(MACINTOSH),
        plain => Encoding::for_label(plain.as_bytes()),
    };
    let encoding = known.ok_or_else(|| SheetError::UnknownEncoding { label: label.to_owned() })?;
    let decoded = decoded(encoding, bytes, "given".to_owned());
    if let Some(wrong) = decoded.text.find('\u{fffd}') {
        let before = decoded.text.get(..wrong).unwrap_or_default();
        let line = before.matches('\n').count() as u64 + 1;
        return Err(SheetError::WrongEncoding { encoding: decoded.name.to_owned(), line });
    }
    Ok(decoded)
}

/// UTF-16 without a mark: what other encodings never have is a zero byte, and tables have many
/// characters of ASCII, whose other byte is zero.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let (mut even, mut odd) = (0_usize, 0_usize);
    for pair in bytes.chunks_exact(2) {
        even += usize::from(pair.first() == Some(&0));
        odd += usize::from(pair.last() == Some(&0));
    }
    let (encoding, zeros, others) = if odd > even { (UTF_16LE, odd, even) } else { (UTF_16BE, even, odd) };
    (bytes.len().is_multiple_of(2) && zeros > bytes.len() / 32 && others * 10 <= zeros).then_some(encoding)
}

/// A text that is UTF-8 but for a few bytes.
fn damaged_utf_8(bytes: &[u8]) -> Option<Decoded> {
    let (mut good, mut bad, mut first_bad) = (0, 0, None);
    let mut line = 1;
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        line += chunk.valid().matches('\n').count();
        if !chunk.invalid().is_empty() {
            bad += 1;
            first_bad.get_or_insert(line);
        }
    }
    let line = first_bad?;
    (good >= bad * GOOD_FOR_BAD).then(|| {
        let reason = format!(
            "{good} characters fit this encoding; {bad} places, the first in line {line}, do not and are shown as \u{fffd}"
        );
        decoded(UTF_8, bytes, reason)
    })
}

/// One of the encodings from before Unicode: what the detector of browsers says, which knows the
/// letters of languages but not Mac Roman, unless as Mac Roman the letters, dashes and quotes stand
/// where they are expected and in the other they do not.
fn legacy(bytes: &[u8]) -> (&'static Encoding, String) {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    // Of one family, its last member: it has every character that the others have.
    let guess = if guess.name() == "ISO-8859-1" { WINDOWS_1252 } else { guess };
    let score = |encoding: &'static Encoding| {
        let text: Cow<'_, str> = encoding.decode_without_bom_handling(bytes).0;
        plausibility(&text)
    };
    let (as_guess, as_mac) = (score(guess), score(MACINTOSH));
    let high = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    let (encoding, reason) = if as_mac > as_guess {
        (
            MACINTOSH,
            format!(
                "as Mac Roman they are letters, dashes and quotes where those are expected, as {} they are not",
                guess.name()
            ),
        )
    } else {
        (guess, "its letters, dashes and quotes are the most likely".to_owned())
    };
    (encoding, format!("{high} bytes are not UTF-8: {reason}"))
}

#[cfg(test)]
mod tests {
    use encoding_rs::{
        BIG5, EUC_KR, GBK, ISO_8859_2, SHIFT_JIS, WINDOWS_1250, WINDOWS_1251, WINDOWS_1253, WINDOWS_1254,
    };

    use super::*;

    fn in_encoding(text: &str, encoding: &'static Encoding) -> Vec<u8> {
        let (bytes, _, lost) = encoding.encode(text);
        assert!(!lost, "{text} cannot be written in {}", encoding.name());
        bytes.into_owned()
    }

    /// Rows such as curriculum teams write, in languages whose letters both encodings have.
    const WESTERN: [&str; 12] = [
        "code,statement\n9—10,Read and comprehend literature, including stories",
        "K.1,Students don’t need the teacher’s help",
        "K.2,Use the words “before” and “after”",
        "K.3,Ask and answer questions… orally\nK.4,grades 6–8",
        "M1,Größer und kleiner: Zahlen bis 100 überblicken",
        "M2,Les élèves comparent des quantités à l’aide de repères",
        "M3,Descrever relações e transformações; não só números",
        "M4,Los niños cuentan hasta diez. ¿Cuántos más?",
        "M5,Aquí está el español: árbol, café, corazón, música",
        "M6,Læring på norsk: bokmål og øving",
        "M7,Målet är att förstå",
        "S1,• observe\n• measure at 20 °C",
    ];

    #[test]
    fn windows_and_mac_are_told_apart() {
        for text in WESTERN {
            for encoding in [WINDOWS_1252, MACINTOSH] {
                let decoded = decode(in_encoding(text, encoding), None).unwrap();
                assert_eq!(decoded.text, text, "as {}", decoded.name);
                assert!(decoded.reason.contains("not UTF-8"), "{}", decoded.reason);
            }
        }
    }

    #[test]
    fn other_languages_are_not_taken_for_mac_roman() {
        let cases = [
            ("Kód,Text\nM1,Žák počítá předměty do dvaceti a porovnává množství", WINDOWS_1250),
            ("Kód,Text\nM1,Žák počítá předměty do dvaceti a porovnává množství", ISO_8859_2),
            ("kod,treść\nM1,Uczeń liczy obiekty, porównuje liczebność zbiorów i źródła", ISO_8859_2),
            ("код,текст\nМ1,Ученик считает предметы и сравнивает количество", WINDOWS_1251),
            ("κωδικός,κείμενο\nΜ1,Οι μαθητές μετρούν αντικείμενα μέχρι το είκοσι", WINDOWS_1253),
            ("kod,metin\nM1,Öğrenciler nesneleri sayar ve çokluğu karşılaştırır, ışık", WINDOWS_1254),
            ("番号,内容\n1,数と計算について理解し、日常の事象を数理的に処理する。", SHIFT_JIS),
            ("编号,内容\n1,学生能够数物体的个数并比较数量的多少", GBK),
            ("編號,內容\n1,學生能夠數物體的個數並比較數量的多少", BIG5),
            ("번호,내용\n1,학생은 물건의 개수를 세고 양을 비교할 수 있다", EUC_KR),
        ];
        for (text, encoding) in cases {
            let decoded = decode(in_encoding(text, encoding), None).unwrap();
            assert_eq!(decoded.text, text, "as {}", decoded.name);
        }
    }

    #[test]
    fn a_little_damage_does_not_make_it_another_encoding() {
        let mut bytes = "é".repeat(30).into_bytes();
        bytes.extend_from_slice(b"\nx\xffx\n");
        let decoded = decode(bytes, None).unwrap();
        assert_eq!(decoded.name, "UTF-8");
        assert!(decoded.text.ends_with("\nx\u{fffd}x\n"));
        assert!(decoded.reason.contains("line 2"), "{}", decoded.reason);
    }

    #[test]
    fn utf_16_needs_no_mark() {
        for text in ["code\tstatement\n1\tReads\n", "番号,内容\n1,数と計算\n2,図形\n3,測定\n"] {
            for (name, bytes) in [
                ("UTF-16LE", text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()),
                ("UTF-16BE", text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            ] {
                let decoded = decode(bytes, None).unwrap();
                assert_eq!((decoded.name, decoded.text.as_str()), (name, text));
            }
        }
    }
}
