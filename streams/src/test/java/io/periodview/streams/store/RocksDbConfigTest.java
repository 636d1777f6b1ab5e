package io.periodview.streams.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

class RocksDbConfigTest {

    static {
        RocksDB.loadLibrary();
    }

    @Test
    void allStoresOfAProcessShareTheirMemory() {
        Map<String, Object> configs = Map.of(RocksDbConfig.MEMORY, 64L << 20);
        try (Options first = options(configs);
                Options second = options(configs);
                Options other = options(Map.of())) {
            assertThat(first.writeBufferManager()).isNotNull().isSameAs(second.writeBufferManager());
            assertThat(other.writeBufferManager()).isNotSameAs(first.writeBufferManager());
            assertThat(first.writeBufferSize()).isEqualTo(2L << 20);
            assertThat(other.writeBufferSize()).isEqualTo(8L << 20);
        }
    }

    private static Options options(Map<String, Object> configs) {
        Options options = new Options();
        options.setTableFormatConfig(new BlockBasedTableConfig());
        new RocksDbConfig().setConfig("view", options, configs);
        return options;
    }
}
