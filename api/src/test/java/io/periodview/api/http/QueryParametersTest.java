package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParametersTest {

    private static final long MOMENT = 1_721_327_400_000L; // 2024-07-18T18:30:00Z

    @Test
    void anAbsentParameterIsNull() {
        for (String query : new String[] {null, "", "&", "=", "start=1", "Start_date=1", "start_date2=1", "%zz=1"}) {
            assertThat(new QueryParameters(query).date("start_date")).as(query).isNull();
            assertThat(new QueryParameters(query).formFields()).as(query).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-07-18T18:30:00Z",
                "2024-07-18T20:30:00+02:00",
                "2024-07-18T20:30:00%2b02:00",
                "2024-07-18T20:30:00%2002:00",
                "2024-07-18T20:30:00 02:00",
                "2024-07-18T13:00-05:30",
                "%32024-07-18T18%3A30:00.0009Z"
            })
    void aDateIsDecodedWithAPlusThatBecameASpace(String date) {
        assertThat(new QueryParameters("x=1&start_date=" + date + "&end_date=no").date("start_date"))
                .isEqualTo(MOMENT);
        assertThat(new QueryParameters("start%5Fdate=" + date).date("start_date"))
                .isEqualTo(MOMENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "%",
                "%2",
                "%FF",
                "2024-07-18",
                "2024-07-18T18:30:00",
                "2024-07-18T18:30:00Z&end_date=2024-07-18T18:30:00Z"
            })
    void anInvalidDateIs400WithTheParametersName(String date) {
        assertThatThrownBy(() -> new QueryParameters("end_date=" + date).date("end_date"))
                .isInstanceOfSatisfying(
                        ApiError.class, error -> assertThat(error.status()).isEqualTo(400))
                .hasMessage("Invalid end_date. It must be an ISO 8601 date and time with an offset, such as"
                        + " 2024-07-18T18:30:00.000Z or 2024-07-18T20:30+02:00, given once.");
    }

    @Test
    void aParameterWithoutAValueIsInvalid() {
        assertThatThrownBy(() -> new QueryParameters("end_date").date("end_date"))
                .isInstanceOf(ApiError.class);
        assertThatThrownBy(() -> new QueryParameters("form_fields").formFields())
                .isInstanceOf(ApiError.class);
    }

    @Test
    void formFieldsAreParsedFromAJsonArrayOfStrings() {
        assertThat(new QueryParameters("form_fields=[]").formFields()).isEmpty();
        assertThat(new QueryParameters("form_fields=%5B%22a+b%22%2C%20%22c%2Bd%22,%22%22%5D").formFields())
                .containsExactly("a b", "c+d", "");
        assertThat(new QueryParameters("form_fields=[\"\u00fc\",\"%C3%BC\",\"\\u00fc\\ud83d\\ude00\"]").formFields())
                .isEqualTo(List.of("\u00fc", "\u00fc", "\u00fc\ud83d\ude00"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a",
                "\"a\"",
                "{}",
                "null",
                "true",
                "[1]",
                "[null]",
                "[[\"a\"]]",
                "[\"a\"",
                "[\"a\"]]",
                "[\"a\"][]",
                "[\"a\",]",
                "['a']",
                "[\"\n\"]",
                "[]&form_fields=[]",
                "[%",
                "[%2",
                "[%g0]",
                "[%C3]"
            })
    void anythingButOneArrayOfStringsIs400(String value) {
        assertThatThrownBy(() -> new QueryParameters("form_fields=" + value).formFields())
                .isInstanceOfSatisfying(
                        ApiError.class, error -> assertThat(error.status()).isEqualTo(400))
                .hasMessage("Invalid form_fields. It must be an array of strings.");
    }

    @Test
    void aHundredDistinctNamesOfTwoHundredCharactersAreTaken() {
        List<String> names = new ArrayList<>();
        for (int i = 100; i < 200; i++) {
            names.add("\"" + i + "\ud83d\ude00".repeat(197) + "\"");
        }
        names.add(names.get(0)); // a name twice counts once
        assertThat(new QueryParameters("form_fields=" + names).formFields()).hasSize(101);
        names.add("\"one more\"");
        assertThatThrownBy(() -> new QueryParameters("form_fields=" + names).formFields())
                .isInstanceOf(ApiError.class)
                .hasMessage("Invalid form_fields. It must be an array of strings. It may have 100 names at most.");
        assertThatThrownBy(() -> new QueryParameters("form_fields=[\"" + "x".repeat(201) + "\"]").formFields())
                .isInstanceOf(ApiError.class)
                .hasMessage("Invalid form_fields. It must be an array of strings. A name may have 200 characters at"
                        + " most.");
    }

    @Test
    void aByteOrderMarkIsNamed() {
        assertThatThrownBy(() -> new QueryParameters("form_fields=%EF%BB%BF[]").formFields())
                .hasMessage("Invalid form_fields. It must be an array of strings. It begins with a byte order mark"
                        + " (BOM).");
        assertThatThrownBy(() -> new QueryParameters("end_date=%EF%BB%BF2024-07-18T18:30:00Z").date("end_date"))
                .hasMessageEndingWith(", given once. It begins with a byte order mark (BOM).");
    }

    @Test
    void aYearOfFiveDigitsIsNamed() {
        assertThatThrownBy(() -> new QueryParameters("end_date=9999-12-31T23:59:59-01:00").date("end_date"))
                .hasMessageStartingWith("Invalid end_date. ")
                .hasMessageEndingWith(", given once. It is one whose year is beyond 9999 in UTC.");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a,a",
                "a+b,a b",
                "%41,A",
                "a%2bb+c,a+b c",
                "%c3%A4,\u00e4",
                "%F0%9F%98%80+\u00e4,\ud83d\ude00 \u00e4",
                "%00,\0",
                "%,NULL",
                "%4,NULL",
                "%4g,NULL",
                "%-1,NULL",
                "% 41,NULL",
                "%\u0664\u0661,NULL",
                "%80,NULL",
                "%C0%80,NULL",
                "%ED%A0%80,NULL"
            })
    void percentEncodingIsDecodedStrictly(String encoded, String decoded) {
        assertThat(QueryParameters.decode(encoded)).isEqualTo(decoded);
    }
}
