namespace Osprey.Tests.Builders.Traces;

/// <summary>A tracepoint of a trace that a test builds.</summary>
/// <param name="Key">Its address in the guest.</param>
/// <param name="Name">Its name.</param>
/// <param name="Signature">Its arguments in the guest's notation, such as <c>piI</c>.</param>
/// <param name="Format">Its printf-like format.</param>
internal sealed record BuiltTracepoint(ulong Key, string Name, string Signature = "", string Format = "")
{
    /// <summary>The signature as tracefiles write it.</summary>
    public string HostSignature => Signature.Replace("p", "50p", StringComparison.Ordinal);
}
