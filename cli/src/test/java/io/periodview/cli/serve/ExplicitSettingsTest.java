package io.periodview.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.api.status.Setting;
import io.periodview.cli.terminal.EnvironmentDefaults;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class ExplicitSettingsTest {

    @Test
    void showsOnlyWhatDiffersFromTheDefault() {
        assertThat(explicit()).isEmpty();
        assertThat(explicit("--threads", "2", "--port", "8080")).isEmpty();
        assertThat(explicit("--threads", "4", "--memory", "1g", "--advertise", "a:1"))
                .containsExactly(
                        new Setting("--advertise", "a:1"),
                        new Setting("--memory", "1g"),
                        new Setting("--threads", "4"));
    }

    @Test
    void hidesTheValuesOfSecrets() {
        assertThat(explicit("--kafka", "ssl.key.password=s3cret", "--kafka", "security.protocol=SSL"))
                .containsExactly(
                        new Setting("--kafka security.protocol", "SSL"), new Setting("--kafka ssl.key.password", null));
    }

    @Test
    void includesSettingsFromTheEnvironment() {
        Map<String, String> environment = Map.of("PERIOD_VIEW_STANDBYS", "3", "PERIOD_VIEW_STATE_DIR", "a$${b}");
        CommandLine serve = new EnvironmentDefaults(environment).addTo(new CommandLine(new ServeCommand()));
        serve.parseArgs();
        assertThat(ExplicitSettings.of(serve.getCommandSpec(), Map.of()))
                .containsExactly(new Setting("--standbys", "3"), new Setting("--state-dir", "a$${b}"));
    }

    /** A new option needs a decision whether the status shows it. */
    @Test
    void everyOptionIsShown() {
        for (OptionSpec option :
                new CommandLine(new ServeCommand()).getCommandSpec().options()) {
            if (!option.longestName().equals("--kafka")) {
                assertThat(ExplicitSettings.SHOWN).contains(option.longestName());
            }
        }
    }

    private static List<Setting> explicit(String... arguments) {
        CommandLine serve = new CommandLine(new ServeCommand());
        serve.parseArgs(arguments);
        Map<String, String> kafka = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (arguments[i].equals("--kafka")) {
                kafka.put(arguments[i + 1].split("=", 2)[0], arguments[i + 1].split("=", 2)[1]);
            }
        }
        return ExplicitSettings.of(serve.getCommandSpec(), kafka);
    }
}
