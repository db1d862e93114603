using Osprey.Tracing;

namespace Osprey.Samples;

/// <summary>A store that takes its time.</summary>
internal static class OrderStore
{
    private static readonly Tracepoint<int> s_find = Tracepoint.Define<int>("order_find", "number=%d");
    private static readonly Tracepoint<string> s_findRet = Tracepoint.Define<string>("order_find_ret", "\"%s\"");
    private static readonly Tracepoint<int> s_findErr = Tracepoint.Define<int>("order_find_err", "number=%d");

    /// <summary>Finds an order's text; null when there is none.</summary>
    public static string? Find(int number)
    {
        s_find.Record(number);
        Thread.Sleep(TimeSpan.FromMicroseconds(100 * (number % 10)));
        if (number % 10 == 9)
        {
            s_findErr.Record(number);
            return null;
        }

        string text = $"order {number}";
        s_findRet.Record(text);
        return text;
    }

    /// <summary>Finds an order's text, after a wait that takes no thread.</summary>
    public static async Task<string> FindLaterAsync(int number)
    {
        await WaitAsync();
        return Find(number) ?? $"no order {number}";
    }

    private static async Task WaitAsync() => await Task.Delay(1);
}
