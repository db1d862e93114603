using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Guests.Locks;
using Osprey.Session.Answers.Guests.Threads;
using Osprey.Tests.Packets;
using Osprey.Tests.Session.Guests.Threads;

namespace Osprey.Tests.Cli.Guest;

/// <summary>Threads and locks as text, JSON and CSV.</summary>
public sealed class ThreadListingTests
{
    private static readonly LockRow[] s_locks =
    [
        new(0x6010, "mutex", "first", MadeThreads.All[2], [MadeThreads.All[1], MadeThreads.All[3]], true),
        new(0x6020, "mutex", null, null, [MadeThreads.All[3]], false),
    ];

    [Fact]
    public void Threads_InEachForm() => GoldenFile.Verify(Write(ThreadRow.Shape, MadeThreads.All));

    [Fact]
    public void Locks_InEachForm() => GoldenFile.Verify(Write(LockRow.Shape, s_locks));

    private static string Write<TRow>(Shape<TRow> shape, IEnumerable<TRow> rows)
    {
        using var capture = new OutputCapture();
        foreach (AnswerFormat format in Enum.GetValues<AnswerFormat>())
        {
            using var output = new Output(paged: false);
            ListingWriter.Write(output, format, shape, rows, () => ["the list changed"]);
            output.Flush();
        }

        return System.Text.Encoding.UTF8.GetString(capture.Data.ToArray());
    }
}
