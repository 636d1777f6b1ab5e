package io.periodview.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class StatusFormatterTest {

    private static String text(String json) throws IOException {
        return String.join("\n", StatusFormatter.lines(new ObjectMapper().readTree(json.replace('\'', '"')))) + "\n";
    }

    @Test
    void showsInstancesPartitionsAndLag() throws IOException {
        assertThat(text("""
                        {'instance':{'address':'10.0.0.7:8080','applicationId':'period-view','state':'REBALANCING',
                          'startedAt':'2026-11-22T02:57:48Z','live':true,'notLive':null,'ready':false,
                          'notReady':'Restoring partition 2: 1,500 changelog records remaining.'},
                         'versions':{'periodView':'0.1.0','kafka':'4.3.1','java':'17.0.15'},
                         'instances':[{'address':'10.0.0.7:8080','self':true,'owns':[0,2],'standsBy':[1]},
                                      {'address':'10.0.0.8:8080','self':false,'owns':[1],'standsBy':[]}],
                         'partitions':[
                           {'partition':0,'owner':'10.0.0.7:8080','standbys':[],'here':
                             {'role':'owner','position':{'actions':125,'periods':9},'lag':{'actions':1,'periods':2}}},
                           {'partition':1,'owner':'10.0.0.8:8080','standbys':['10.0.0.7:8080'],'here':
                             {'role':'standby','behind':0}},
                           {'partition':2,'owner':'10.0.0.7:8080','standbys':[],'here':
                             {'role':'restoring','restore':{'total':2000,'remaining':1500,'seconds':3}}},
                           {'partition':3,'owner':null,'standbys':[],'here':null}],
                         'threads':{},'topology':'',
                         'settings':[{'name':'--threads','value':'4'},{'name':'--kafka acks','value':'all'},
                                     {'name':'--kafka ssl.key.password','value':null}]}
                        """)).isEqualTo("""
                        instance   10.0.0.7:8080 of period-view, REBALANCING, started 2026-11-22T02:57:48Z
                        health     live; not ready: Restoring partition 2: 1,500 changelog records remaining.
                        versions   period-view 0.1.0, Kafka 4.3.1, Java 17.0.15
                        settings   --threads 4
                                   --kafka acks=all
                                   --kafka ssl.key.password (set; not shown)

                        INSTANCE               OWNS  STANDS BY
                        10.0.0.7:8080 (asked)  0, 2  1
                        10.0.0.8:8080          1     -

                        PARTITION  OWNER          STANDBYS       HERE       LAG                     POSITION
                        0          10.0.0.7:8080  -              owner      3                       actions@125 periods@9
                        1          10.0.0.8:8080  10.0.0.7:8080  standby    0                       -
                        2          10.0.0.7:8080  -              restoring  25 %, 1,500 to go, 3 s  -
                        3          -              -              -          -                       -
                        """);
    }

    @Test
    void consecutiveNumbersAreARange() throws IOException {
        ObjectMapper json = new ObjectMapper();
        assertThat(StatusFormatter.ranges(json.readTree("[0,1,2,3,5,7,8]"))).isEqualTo("0-3, 5, 7-8");
        assertThat(StatusFormatter.ranges(json.readTree("[]"))).isEqualTo("-");
    }
}
