namespace Osprey.Cli.Commands.Guest.Diagnosis;

/// <summary>Does something again and again, until it was done often enough or the user has seen enough.</summary>
/// <param name="Interval">The time from the end of one look to the start of the next.</param>
/// <param name="Count">How often; null for no end.</param>
internal sealed record Repetition(TimeSpan Interval, int? Count)
{
    /// <summary>Runs it. Ctrl-C ends the wait, and is a good end.</summary>
    /// <param name="look">Does it once, with the number from 1.</param>
    /// <param name="cancellation">The user's wish to end.</param>
    public void Run(Action<int> look, CancellationToken cancellation)
    {
        for (int number = 1; Count is null || number <= Count; number++)
        {
            try
            {
                look(number);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }

            if (number == Count || cancellation.WaitHandle.WaitOne(Interval))
                return;
        }
    }
}
