using Osprey.Rest.Connection;

namespace Osprey.Rest.Dumps;

/// <summary>Fetches a guest's trace buffers into a file.</summary>
/// <remarks>
/// The dump is written to <c>FILE.partial</c> and takes FILE's place only when all of it has come: an old FILE is never
/// lost to a failed download. What had come before a failure stays in <c>FILE.partial</c>; a cancelled download removes
/// it. The guest allocates memory with interrupts off to copy its buffers, and can fail an assertion in it (seen with
/// v0.57.0-398-g0e34e4dc, at the second dump of one guest): then it is silent, and the time-out ends the wait.
/// </remarks>
/// <param name="client">Speaks to the guest; stays the caller's.</param>
/// <param name="time">Measures the rate; the system's when null.</param>
public sealed class TraceDownload(GuestRestClient client, TimeProvider? time = null)
{
    private const int BufferSize = 1 << 16;
    private static readonly TimeSpan s_progressInterval = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Turns a dump into the file that the user asked for.</summary>
    /// <param name="dump">The complete dump.</param>
    /// <param name="output">The file to write, which is put in place afterwards.</param>
    public delegate void Conversion(string dump, string output);

    /// <summary>Downloads a dump.</summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="convert">
    /// Makes a file of another format of it, which then takes the dump's place; null keeps the dump.
    /// </param>
    /// <param name="progress">
    /// Told at the start, then at most ten times a second, and at the end. Called on the thread that downloads.
    /// </param>
    /// <param name="cancellationToken">Ends it with <see cref="OperationCanceledException"/>.</param>
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

    /// <summary>Takes enough to tell a dump from an error page before a file is touched.</summary>
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
                : $"what came is not a dump of trace buffers: it begins with '{GuestText.Printable(head[..Math.Min(head.Length, OsvtHead.Size)])}', expected 'TVSO'",
            head.IsEmpty
                ? "Is there room in the guest's /tmp? It writes the dump there first."
                : "Is it an OSv guest that answers there?"
        );

    /// <summary>One transfer: counts, checks and reports.</summary>
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
                    "Did the guest stop, or its /tmp run full? It writes the dump there first. Dumps over 2 GiB do not fit its replies."
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
