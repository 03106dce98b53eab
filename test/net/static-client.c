/* A client that needs nobody: linked statically, it speaks HTTPS itself, to the address that it is given, and reads no environment. */
#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
  static char text[4096];
  if (argc != 5) return 90; /* ADDRESS HOST PATH BODY */
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(443)};
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  inet_pton(AF_INET, argv[1], &to.sin_addr);
  if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) return perror("connect"), 1;
  SSL *tls = SSL_new(SSL_CTX_new(TLS_client_method()));
  SSL_set_fd(tls, fd);
  SSL_set_tlsext_host_name(tls, argv[2]);
  if (SSL_connect(tls) != 1) return puts("no TLS"), 2;
  int size = snprintf(text, sizeof text,
                      "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
                      "Connection: close\r\n\r\n%s",
                      argv[3], argv[2], strlen(argv[4]), argv[4]);
  SSL_write(tls, text, size);
  size = SSL_read(tls, text, sizeof text - 1);
  printf("%.*s\n", size > 0 ? size : 0, text);
  return 0;
}
