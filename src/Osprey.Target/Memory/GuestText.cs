using System.Text;

namespace Osprey.Target.Memory;

/// <summary>A NUL-terminated string as it was found in a guest's memory.</summary>
/// <param name="Bytes">Its bytes without the NUL.</param>
/// <param name="End">Why it ends there.</param>
public readonly record struct GuestText(ReadOnlyMemory<byte> Bytes, GuestTextEnd End)
{
    /// <summary>Its bytes as UTF-8; what is not UTF-8 becomes U+FFFD. Control characters stay as they are.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);
}
