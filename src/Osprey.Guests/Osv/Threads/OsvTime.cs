using Osprey.Values;
using Osprey.Values.Containers;

namespace Osprey.Guests.Osv.Threads;

/// <summary>Times and durations of OSv: a chrono type of nanoseconds, in older kernels a plain number.</summary>
internal static class OsvTime
{
    /// <summary>Reads nanoseconds; null when there is no such value or it can't be read.</summary>
    public static long? Read(Value? value)
    {
        if (value?.AsContainer() is ContainerView.Amount amount)
            value = amount.Number;

        return value is not null && value.TryGetInt64(out long time) ? time : null;
    }
}
