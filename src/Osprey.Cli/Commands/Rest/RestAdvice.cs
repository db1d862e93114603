using Osprey.Rest.Connection;

namespace Osprey.Cli.Commands.Rest;

/// <summary>Words the advice on a failed REST request, with the names of this program's options and commands.</summary>
internal static class RestAdvice
{
    /// <summary>Gives the advice for a failure: what holds everywhere first, then which of our options helps.</summary>
    /// <returns>Null when there is nothing to advise.</returns>
    public static string? Of(GuestRestException failure)
    {
        string? own = failure.Reason switch
        {
            GuestRestReason.UntrustedCertificate =>
                "Give the authority's certificate, or a self-signed one itself, with --cacert; "
                    + "or take any certificate with --no-verify.",
            GuestRestReason.CertificateOfOtherHost =>
                "Use the name that the certificate is for in the URL, or take any certificate with --no-verify.",
            GuestRestReason.ClientCertificateNeeded => "Does it ask for a client certificate (--cert and --key)?",
            GuestRestReason.CertificateWithoutTls => "Use an https:// URL, or leave --cert, --key and --cacert out.",
            GuestRestReason.KeyWithoutCertificate => "Add the certificate with --cert.",
            GuestRestReason.NoSuchTracepoint => failure.TracepointCount is { } count
                ? $"The guest has {count} {(count == 1 ? "tracepoint" : "tracepoints")}; "
                    + "'osprey trace status' lists them."
                : "'osprey trace status' lists those it has.",
            _ => failure.Problem == GuestRestProblem.Unreachable
                ? "A guest of this host needs no server: name it with --target ('osprey trace extract' in place of "
                    + "download)."
                : null,
        };
        return own is null ? failure.Advice
            : failure.Advice is { } general ? $"{general} {own}"
            : own;
    }
}
