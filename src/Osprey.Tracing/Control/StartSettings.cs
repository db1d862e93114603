namespace Osprey.Tracing.Control;

/// <summary>The settings that the environment gives when the process starts.</summary>
/// <remarks>A setting that can't be used is reported on standard error; it never stops the program.</remarks>
internal static class StartSettings
{
    private const int LargestRing = 1 << 30;

    private static int s_ringSize;

    /// <summary>The size of a CPU's ring in bytes; 0 for the kernel's.</summary>
    public static int RingSize => s_ringSize;

    /// <summary>Reads the environment, once, before the first tracepoint is defined.</summary>
    public static void Apply()
    {
        if (Get("OSPREY_TRACE_BUFFER") is { } size)
        {
            if (TryParseSize(size, out int bytes))
                s_ringSize = bytes;
            else
                Report($"OSPREY_TRACE_BUFFER={size} is not a size such as 64K or 4M; the usual size is taken");
        }

        if (Get("OSPREY_TRACE_SAMPLER") is { } frequency)
            StartSampler(frequency);
        if (IsOn("OSPREY_TRACE_ASYNC"))
            FollowAsync();

        bool backtrace = IsOn("OSPREY_TRACE_BACKTRACE");
        if (Get("OSPREY_TRACE") is not { } patterns)
            return;

        try
        {
            TracepointList.Enable(NamePatterns.Parse(patterns), backtrace, later: true);
        }
        catch (ArgumentException e)
        {
            Report($"OSPREY_TRACE: {e.Message}; no tracepoint is enabled");
        }
    }

    /// <summary>Sets the size of a CPU's ring; the environment has the last word.</summary>
    public static void SetRingSize(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 4096);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, LargestRing);
        if (s_ringSize == 0)
            s_ringSize = size;
    }

    /// <summary>Reports a mistake to whoever started the program.</summary>
    public static void Report(string message) => Console.Error.WriteLine($"osprey: {message}");

    /// <summary>Starts the sampler, on a thread of its own: who defines the first tracepoint does not wait.</summary>
    private static void StartSampler(string text)
    {
        int largest = Sampler.LargestFrequency;
        if (!int.TryParse(text, out int frequency) || frequency < 1 || frequency > largest)
        {
            Report($"OSPREY_TRACE_SAMPLER={text} is not a number from 1 to {largest}; the sampler is not started");
            return;
        }

        var starter = new Thread(() =>
        {
            try
            {
                Sampler.Start(frequency);
                if (!Sampler.CoversSystemCalls)
                    Report("the kernel lets this user sample programs only: time in system calls is not sampled");
            }
            catch (NotSupportedException e)
            {
                Report($"OSPREY_TRACE_SAMPLER: {e.Message}; the sampler is not started");
            }
        });
        starter.IsBackground = true;
        starter.Start();
    }

    private static void FollowAsync()
    {
        try
        {
            AsyncCallers.Start();
        }
        catch (NotSupportedException e)
        {
            Report($"OSPREY_TRACE_ASYNC: {e.Message}; backtraces have no logical callers");
        }
    }

    private static string? Get(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static bool IsOn(string name) => Get(name) is { } value && value is not "0" and not "false";

    private static bool TryParseSize(string text, out int size)
    {
        size = 0;
        int shift = text[^1] switch
        {
            'K' or 'k' => 10,
            'M' or 'm' => 20,
            'G' or 'g' => 30,
            _ => 0,
        };
        string digits = shift == 0 ? text : text[..^1];
        if (!int.TryParse(digits, out int number) || number <= 0 || (long)number << shift is < 64 or > LargestRing)
            return false;

        size = number << shift;
        return true;
    }
}
