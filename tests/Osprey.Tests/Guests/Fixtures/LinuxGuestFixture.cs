using Osprey.Tests.Guests.Ways;

namespace Osprey.Tests.Guests.Fixtures;

/// <summary>
/// A guest that all tests of a collection share. It is booted when the first asks for it, and ends with the collection.
/// </summary>
public abstract class LinuxGuestFixture : IDisposable
{
    private readonly Lazy<LinuxGuest> _guest;
    private readonly Lazy<GuestCores> _cores;

    private protected LinuxGuestFixture(LinuxGuestVariant variant)
    {
        _guest = new Lazy<LinuxGuest>(() => new LinuxGuest(variant));
        _cores = new Lazy<GuestCores>(() => new GuestCores(Guest));
    }

    /// <summary>The guest.</summary>
    internal LinuxGuest Guest => _guest.Value;

    /// <summary>Its cores, made when the first test asks for them.</summary>
    internal GuestCores Cores => _cores.Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the guest, if there is one.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (_guest.IsValueCreated)
            _guest.Value.Dispose();
    }
}
