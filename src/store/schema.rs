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

diesel::table! {
    tokens (id) {
        id -> Text,
        name -> Text,
        role -> Text,
        frameworks -> Nullable<Text>,
        hash -> Text,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    access_tokens (hash) {
        hash -> Text,
        token_id -> Text,
        role -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    audit (id) {
        id -> BigInt,
        at -> BigInt,
        actor -> Text,
        action -> Text,
        document_id -> Nullable<Text>,
        revision_id -> Nullable<BigInt>,
        subject -> Nullable<Text>,
        address -> Nullable<Text>,
        request_id -> Nullable<Text>,
    }
}

diesel::table! {
    downloads (document_id) {
        document_id -> Text,
        url -> Text,
        etag -> Nullable<Text>,
        revision_id -> BigInt,
    }
}

diesel::table! {
    mirrors (name) {
        name -> Text,
        url -> Text,
        everything -> BigInt,
        take_over -> BigInt,
        every -> BigInt,
        access -> Nullable<Text>,
        version -> Nullable<Text>,
        next_at -> BigInt,
        last_at -> Nullable<BigInt>,
        good_at -> Nullable<BigInt>,
        broken_since -> Nullable<BigInt>,
        problem -> Nullable<Text>,
        held_by -> Nullable<Text>,
        held_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    mirrored (document_id) {
        document_id -> Text,
        mirror -> Text,
        received -> Text,
        title -> Text,
        good_at -> Nullable<BigInt>,
        vanished_at -> Nullable<BigInt>,
        problem_since -> Nullable<BigInt>,
        problem -> Nullable<Text>,
    }
}

diesel::table! {
    imports (id) {
        id -> BigInt,
        created_by -> Text,
        created_at -> BigInt,
        touched_at -> BigInt,
        state -> Text,
        name -> Text,
        url -> Nullable<Text>,
        etag -> Nullable<Text>,
        size -> BigInt,
        base_url -> Text,
        read_at -> BigInt,
        options -> Text,
        summary -> Text,
        result -> Nullable<Text>,
        details -> Binary,
        content -> Binary,
        layout -> Binary,
        progress -> Nullable<Text>,
    }
}

diesel::table! {
    users (name) {
        name -> Text,
        password -> Nullable<Text>,
        subject -> Nullable<Text>,
        role -> Text,
        frameworks -> Nullable<Text>,
        created_at -> BigInt,
        disabled_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        hash -> Text,
        user_name -> Text,
        agent -> Text,
        created_at -> BigInt,
        seen_at -> BigInt,
        ends_at -> BigInt,
    }
}

diesel::table! {
    sign_in_failures (name) {
        name -> Text,
        failures -> BigInt,
        last_at -> BigInt,
    }
}

diesel::table! {
    feedback (id) {
        id -> BigInt,
        text_key -> Text,
        item_id -> Text,
        scope -> Text,
        decision -> Text,
        name -> Text,
        text -> Text,
        note -> Nullable<Text>,
        decided_at -> BigInt,
    }
}

diesel::table! {
    private (document_id, reason) {
        document_id -> Text,
        reason -> Text,
    }
}

// What a query names once as itself and once as something else.
diesel::allow_tables_to_appear_in_same_query!(objects, private);
diesel::allow_tables_to_appear_in_same_query!(documents, private);
diesel::allow_tables_to_appear_in_same_query!(changes, private);
