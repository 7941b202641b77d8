"""What two or more people's ratings of the same questions say (scoring method, rule 14).

A pure room: plain data in, frozen dataclasses out; no Django, no database, no clock.

**One assessment**, for its page and its report: plain counts, never a coefficient.

    from assessments.agreement.counts import Pair, counts, double_ratings
    from assessments.agreement.words import count_sentences

    pairs = [Pair("pensions.contribution-rate", "pensions", client=3, adviser=2), ...]
    found = counts(pairs)                   # Counts: .questions (LevelCounts) and .gates (GateCounts)
    found.questions.rated, .exact, .within_one, .difference
    count_sentences(found)                  # ("Of 41 questions rated twice, ...", ...)
    double_ratings(pairs)                   # {barrier: DoubleRatings}, as scoring's Answers.double_ratings wants it

**Across assessments**, for the keepers of the catalogue: by edition, barrier and question.

    from assessments.agreement.across import across
    from assessments.agreement.ratings import DoubleRating
    from assessments.agreement.words import coefficient_sentences, rewrite_sentences

    records = [DoubleRating("2026.1", "pensions", "pensions.contribution-rate", unit="submission 7",
                            client=3, adviser=2, others=(2,)), ...]
    for edition in across(records):         # EditionAgreement, editions in order
        edition.measures                    # Measures of all its questions taken together
        edition.barriers                    # BarrierAgreement: .barrier .measures
        edition.questions                   # QuestionAgreement: .item .barrier .measures .rewrite
        edition.gates                       # GateAgreement: .item .barrier .doubles .pairs .agreed .rewrite
        edition.rewrite                     # those questions and gates that want rewriting
    coefficient_sentences(edition.measures)
    rewrite_sentences(edition.rewrite[0])

A rating is a level (0 to 4), a `GateState`, or an `AnswerState` that says why there is no level. Give only ratings
made apart: where an adviser had seen the client's level first (rule 13 allows it outside gates, essential questions
and the sample), agreement says nothing. Records may come in any order, each assessment's question once.

`Measures.kappa` and `.alpha` are None under 30 double ratings and where they are not defined; `.reading` goes with
alpha. The libraries behind them, and numpy, are imported when the first coefficient is asked for: a web process that
imports this room does not load them.
"""
