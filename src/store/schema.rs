//! The tables as Diesel sees them, the same on both databases.

diesel::table! {
    documents (id) {
        id -> Text,
        revision_id -> BigInt,
    }
}

diesel::table! {
    objects (id, class, package_id) {
        package_id -> Text,
        class -> Text,
        id -> Text,
        home_id -> Text,
        position -> BigInt,
        changed_at -> BigInt,
        received -> Nullable<Text>,
        origin -> Nullable<Text>,
        destination -> Nullable<Text>,
        body -> Text,
    }
}

diesel::table! {
    revisions (id) {
        id -> BigInt,
        document_id -> Text,
        at -> BigInt,
        source -> Text,
        summary -> Text,
        report -> Binary,
        undo -> Binary,
        undone_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    changes (seq) {
        seq -> BigInt,
        document_id -> Text,
        revision_id -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    settings (name) {
        name -> Text,
        value -> Text,
    }
}
