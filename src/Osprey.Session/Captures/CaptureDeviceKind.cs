namespace Osprey.Session.Captures;

/// <summary>The kinds of devices whose packets can be captured.</summary>
public enum CaptureDeviceKind
{
    /// <summary>A virtio network card.</summary>
    Network,

    /// <summary>A virtio socket device.</summary>
    Vsock,
}
