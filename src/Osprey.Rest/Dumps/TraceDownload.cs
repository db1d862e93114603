using Osprey.Rest.Connection;

namespace Osprey.Rest.Dumps;

/// <summary>Downloads a guest's trace buffers to a file.</summary>
/// <remarks>
/// <para>
/// <b>The problem.</b> <c>GET /trace/buffers</c> makes the guest copy its trace buffers to a file in its /tmp, and then
/// send that file. This is slow, may fail in the middle, and may even stop the guest: it allocates memory with
/// interrupts off, and an assertion in that code can fail (seen with v0.57.0-398-g0e34e4dc, at the second dump of one
/// guest). The guest is silent from then on. The user may have only one chance to get the dump, and may already have an
/// older one in a file of the same name.
/// </para>
/// <para>
/// <b>Requested once.</b> All checks that need no guest come first: the target must be a file name in a folder that
/// exists. Then one request is sent, and never again: a request that failed may still have made the guest write a dump,
/// or stopped it. <see cref="GuestRestClient"/> makes sure that .NET does not repeat it either. The user decides
/// whether to try again.
/// </para>
/// <para>
/// <b>Nothing is lost.</b> The dump is written to <c>FILE.partial</c>, and replaces FILE only when it is complete (and
/// converted, if the user asked for that). So a failed download leaves the older FILE as it was. The bytes that arrived
/// before a failure stay in <c>FILE.partial</c>, and the message says so; only a cancelled download removes it. If the
/// conversion fails, the complete dump stays in <c>FILE.partial</c>.
/// </para>
/// <para>
/// <b>Not trusted.</b> The first 16 bytes must be the head of a dump, else no file is touched: the reply may be some
/// server's error page. The head has the dump's length. Fewer bytes than that are a dump cut short, more are an error,
/// and <see cref="GuestRestLimits.MaxDump"/> limits a dump without a length. A dump over 2 GiB does
/// not fit OSv's replies and ends as one cut short.
/// </para>
/// </remarks>
/// <param name="client">The client that sends the request. The caller disposes of it.</param>
/// <param name="time">The clock that measures the rate; null for the system's clock.</param>
public sealed class TraceDownload(GuestRestClient client, TimeProvider? time = null)
{
    private const int BufferSize = 1 << 16;
    private static readonly TimeSpan s_progressInterval = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Converts a dump to the file that the user asked for.</summary>
    /// <param name="dump">The path of the complete dump.</param>
    /// <param name="output">The path of the file to write. It is moved to its place afterwards.</param>
    public delegate void Conversion(string dump, string output);

    /// <summary>Downloads a dump.</summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="convert">
    /// Converts the dump to another format; the converted file is then kept instead of the dump. Null keeps the dump.
    /// </param>
    /// <param name="progress">
    /// Receives a report at the start, then at most ten times per second, and at the end; null for none. Called on the
    /// thread that downloads.
    /// </param>
    /// <param name="cancellationToken">Ends the download with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="GuestRestException">
    /// The request failed, the dump is not complete or not a dump, or a file cannot be written.
    /// </exception>
    public async Task<DownloadResult> DownloadAsync(
        string path,
        Conversion? convert = null,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        DownloadTarget target = DownloadTarget.Resolve(path);
        using GuestDump dump = await client.OpenDumpAsync(cancellationToken);
        byte[] buffer = new byte[BufferSize];
        int filled = await ReadHeadAsync(dump, buffer);
        if (!OsvtHead.TryRead(buffer.AsSpan(0, filled), out long? declared))
            throw NotADump(buffer.AsSpan(0, filled));

        Transfer transfer = new(dump, declared, client.Limits.MaxDump, progress, _time);
        bool cancelled = false;
        try
        {
            using FileStream file = target.CreatePartial();
            await transfer.RunAsync(file, buffer, filled);
        }
        catch (OperationCanceledException)
        {
            cancelled = true;
            throw;
        }
        catch (GuestRestException e) when (transfer.Received > 0)
        {
            throw e.With($"{e.Finding}; the {transfer.Received} bytes that came are kept in {target.Partial}");
        }
        finally
        {
            if (cancelled)
                target.DeletePartial();
        }

        target.Finish(convert);
        return new DownloadResult(path, transfer.Received, transfer.Elapsed);
    }

    /// <summary>Reads the bytes that show whether this is a dump, before any file is touched.</summary>
    private static async Task<int> ReadHeadAsync(GuestDump dump, byte[] buffer)
    {
        int filled = 0;
        while (filled < OsvtHead.Size)
        {
            int count = await dump.ReadAsync(buffer.AsMemory(filled));
            if (count == 0)
                break;
            filled += count;
        }

        return filled;
    }

    private static GuestRestException NotADump(ReadOnlySpan<byte> head) =>
        new(
            GuestRestProblem.BadReply,
            head.IsEmpty
                ? "the guest sent an empty dump"
                : "what came is not a dump of trace buffers: it begins with "
                    + $"'{ReplyText.Printable(head[..Math.Min(head.Length, OsvtHead.Size)])}', expected 'TVSO'",
            head.IsEmpty
                ? "Is there room in the guest's /tmp? It writes the dump there first."
                : "Is it an OSv guest that answers there?"
        );

    /// <summary>One transfer to a file: counts and checks the bytes, and reports progress.</summary>
    private sealed class Transfer(
        GuestDump dump,
        long? declared,
        long limit,
        IProgress<DownloadProgress>? progress,
        TimeProvider time
    )
    {
        private readonly long _start = time.GetTimestamp();
        private TimeSpan _reported;

        public long Received { get; private set; }

        public TimeSpan Elapsed { get; private set; }

        private long? Total => dump.Length ?? declared;

        public async Task RunAsync(FileStream file, byte[] buffer, int filled)
        {
            progress?.Report(new DownloadProgress(0, Total, TimeSpan.Zero));
            while (filled > 0)
            {
                if (Received + filled > limit)
                    throw GuestRestErrors.TooLarge(new GuestRequest(HttpMethod.Get, "/trace/buffers"), limit);
                Write(file, buffer.AsSpan(0, filled));
                Received += filled;
                Report(last: false);
                if (Received > declared)
                    throw new GuestRestException(
                        GuestRestProblem.BadReply,
                        $"the guest sends more than the dump's {declared} bytes",
                        "Is it an OSv guest that answers there?"
                    );
                filled = await dump.ReadAsync(buffer);
            }

            if (Received < declared)
                throw new GuestRestException(
                    GuestRestProblem.CutShort,
                    $"the dump is cut short: the guest sent {Received} of its {declared} bytes",
                    "Did the guest stop, or its /tmp run full? It writes the dump there first. "
                        + "Dumps over 2 GiB do not fit its replies."
                );
            Report(last: true);
        }

        private static void Write(FileStream file, ReadOnlySpan<byte> bytes)
        {
            try
            {
                file.Write(bytes);
                file.Flush();
            }
            catch (IOException e)
            {
                throw DownloadTarget.Failed($"cannot write {file.Name}", e);
            }
        }

        private void Report(bool last)
        {
            Elapsed = time.GetElapsedTime(_start);
            if (progress is null || (!last && Elapsed - _reported < s_progressInterval))
                return;
            _reported = Elapsed;
            progress.Report(new DownloadProgress(Received, Total, Elapsed));
        }
    }
}
