package io.periodview.api.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sasl.jaas.config",
                "producer.sasl.jaas.config",
                "ssl.key.password",
                "ssl.keystore.key",
                "ssl.keystore.location",
                "ssl.truststore.password",
                "sasl.oauthbearer.client.credentials.client.secret",
                "sasl.login.class",
                "my.own.interceptor.token",
                "metric.reporters",
            })
    void whatMayBeASecretIsNotShown(String name) {
        Setting setting = Setting.ofKafka(name, "s3cret");
        assertThat(setting.name()).isEqualTo("--kafka " + name);
        assertThat(setting.value()).isNull();
        assertThat(setting.toString()).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "security.protocol",
                "sasl.mechanism",
                "bootstrap.servers",
                "session.timeout.ms",
                "consumer.session.timeout.ms",
                "producer.linger.ms",
                "commit.interval.ms",
                "enable.idempotence",
            })
    void whatIsAWordOrANumberThatNobodyHidesIsShown(String name) {
        assertThat(Setting.ofKafka(name, "7").value()).isEqualTo("7");
    }
}
