using System.Globalization;
using Osprey.Guests.Threads;

namespace Osprey.Session.Answers.Guests.Threads;

/// <summary>A thread in messages: its number and name.</summary>
internal static class ThreadName
{
    /// <summary>The thread as "12 (worker)", or "12" when it has no name.</summary>
    public static string Of(GuestThreadState thread) =>
        thread.Name.Length == 0
            ? thread.Id.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{thread.Id} ({thread.Name})");
}
