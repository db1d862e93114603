using System.Globalization;
using System.Text;
using Osprey.Guests.Logs;
using Osprey.Session.Answers.Guests.Logs;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Tests.Guests.Fixtures;

namespace Osprey.Tests.Guests.Linux.Logs;

/// <summary>The log of a Linux guest, against what its own <c>/dev/kmsg</c> and <c>syslog(2)</c> say.</summary>
[Collection(ModulesGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class KernelLogGuestTests(ModulesGuest fixture)
{
    private const int MinRecords = 1000;

    [ModulesGuestFact]
    public void Log_OfEachWay_IsThatOfTheGuest()
    {
        GuestLogRecord[] expected = [.. ReadExpected()];
        string[] lines = [.. fixture.ReadLines("syslog")];
        string core = Path.Combine(fixture.Guest.Folder, "core");
        using (GuestSession live = OpenLive())
            CoreWriter.Write(live.Target, core);

        Assert.True(expected[0].Sequence > 0, "the oldest records are to be written over");
        string stub = $"gdb:unix:{fixture.Guest.GdbSocket}";
        Func<GuestSession>[] ways =
        [
            OpenLive,
            () => Open(GuestFinder.Open(TargetSpec.Parse(stub))),
            () => Open(CoreTarget.Open(core)),
        ];
        Assert.All(
            ways,
            open =>
            {
                using GuestSession session = open();
                var answer = LogAnswer.Ask(session, null);
                Assert.Empty(answer.Defects);
                Assert.True(answer.IsCut);

                // The kernel may have said more since.
                GuestLogRecord[] common =
                [
                    .. answer.Records!.Where(record => record.Sequence <= expected[^1].Sequence),
                ];
                Assert.True(common.Length > MinRecords);
                Assert.Equal(expected.TakeLast(common.Length), common.Select(WithoutWhatIsNotTold));
                Assert.Equal(
                    answer.Records![0].Sequence,
                    (ulong)int.Parse(GetLost(answer.Scope), CultureInfo.InvariantCulture)
                );

                string[] shown =
                [
                    .. common.SelectMany(record =>
                        ((IGuestLog)session.Os)
                            .FormatRecord(record)
                            .Select(line => $"<{(record.Facility * 8) + record.Level}>{line}")
                    ),
                ];
                Assert.Equal(lines.TakeLast(MinRecords), shown.TakeLast(MinRecords));
                Assert.All(common, record => Assert.Matches("^[TC][0-9]+$", record.Caller!));
                Assert.Equal("T1", common[^1].Caller);
            }
        );
    }

    [ModulesGuestFact]
    public void Log_OfChosenLevels_HasThoseAlone()
    {
        using GuestSession session = OpenLive();
        var errors = LogAnswer.Ask(session, 3, LogLevelChoice.TryParse("err+"), isDecoded: true);
        string[] ends = [.. errors.Lines.Select(line => line[..14] + line[(line.IndexOf(']') + 1)..])];
        Assert.Equal(["user  :emerg : osprey: an emergency", "user  :err   : osprey: an error"], ends.TakeLast(2));
        var notices = LogAnswer.Ask(session, 2, LogLevelChoice.TryParse("notice"));
        Assert.Equal(
            ["osprey: the first line", "osprey: the second line"],
            notices.Lines.Select(line => line[(line.IndexOf(']') + 2)..])
        );
        Assert.Equal("osprey: the first line\nosprey: the second line", Assert.Single(notices.Records!).Text);
    }

    private static string GetLost(string scope) => scope[(scope.IndexOf(';') + 1)..].Trim().Split(' ')[0];

    private static GuestLogRecord WithoutWhatIsNotTold(GuestLogRecord record) =>
        record with
        {
            Caller = null,
            Time = record.Time / 1000 * 1000,
        };

    /// <summary>Records of /dev/kmsg: "priority,number,microseconds,flags;text", then names of a device.</summary>
    private IEnumerable<GuestLogRecord> ReadExpected()
    {
        GuestLogRecord? last = null;
        foreach (string line in fixture.ReadLines("kmsg"))
        {
            if (line[0] == ' ')
            {
                string value = line[(line.IndexOf('=') + 1)..];
                last = line.StartsWith(" SUBSYSTEM=", StringComparison.Ordinal)
                    ? last! with
                    {
                        Subsystem = value,
                    }
                    : last! with
                    {
                        Device = value,
                    };
                continue;
            }

            if (last is not null)
                yield return last;

            int end = line.IndexOf(';');
            ulong[] numbers =
            [
                .. line[..end].Split(',').Take(3).Select(word => ulong.Parse(word, CultureInfo.InvariantCulture)),
            ];
            last = new GuestLogRecord(
                numbers[1],
                numbers[2] * 1000,
                (int)numbers[0] / 8,
                (int)numbers[0] % 8,
                Unescape(line[(end + 1)..])
            );
        }

        yield return last!;
    }

    private static string Unescape(string text)
    {
        var bytes = new List<byte>();
        for (int i = 0; i < text.Length; i++)
        {
            bool isEscape = text[i] == '\\' && text[i + 1] == 'x';
            bytes.Add(
                isEscape
                    ? byte.Parse(text.AsSpan(i + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                    : (byte)text[i]
            );
            i += isEscape ? 3 : 0;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private GuestSession OpenLive() => Open(QemuTarget.Attach(QemuProcess.TryRead(fixture.Guest.ProcessId)!));

    private static GuestSession Open(GuestTarget target) =>
        GuestSession.Over(target, new GuestSettings { Cpu = 0, NoCache = true });
}
